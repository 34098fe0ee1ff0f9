"""Settings of how clients sign in: codes, limits, attack mode and sessions."""

from config import env

# --- Codes ---
LOGIN_CODE_KEYS = env.read_keyring(
    "LOGIN_CODE_KEYS", "The keys that codes are derived from: id:base64, the newest first, 32 bytes or more each."
)
LOGIN_CODE_LIFETIME = env.read_seconds("LOGIN_CODE_LIFETIME", "How long one code is valid.", default=600)
LOGIN_CHALLENGE_LIFETIME = env.read_seconds(
    "LOGIN_CHALLENGE_LIFETIME", "How long one attempt to sign in lasts.", default=1200
)
LOGIN_RESEND_WAIT = env.read_seconds(
    "LOGIN_RESEND_WAIT",
    "How long clients wait before they can request another code, unless the business sets another time.",
    default=180,
)
LOGIN_CODE_DIGITS = env.read_integer("LOGIN_CODE_DIGITS", "How many digits a code has.", default=6)
LOGIN_CODE_DIGITS_UNDER_ATTACK = env.read_integer(
    "LOGIN_CODE_DIGITS_UNDER_ATTACK", "How many digits a code has in attack mode.", default=8
)

# --- Limits ---
LOGIN_MAX_GUESSES = env.read_integer(
    "LOGIN_MAX_GUESSES",
    "Guesses per attempt to sign in; 5 at most, which a constraint of the table enforces.",
    default=5,
)
LOGIN_MAX_SENDS = env.read_integer("LOGIN_MAX_SENDS", "Codes per attempt to sign in; 3 at most.", default=3)
LOGIN_FAILURES_PER_HOUR = env.read_integer("LOGIN_FAILURES_PER_HOUR", "Wrong guesses per address and hour.", default=10)
LOGIN_FAILURES_PER_DAY = env.read_integer("LOGIN_FAILURES_PER_DAY", "Wrong guesses per address and day.", default=20)
LOGIN_SENDS_PER_HOUR = env.read_integer("LOGIN_SENDS_PER_HOUR", "Codes per address and hour.", default=5)
LOGIN_SENDS_PER_DAY = env.read_integer("LOGIN_SENDS_PER_DAY", "Codes per address and day.", default=10)
RECIPIENT_MESSAGES_PER_HOUR = env.read_integer(
    "RECIPIENT_MESSAGES_PER_HOUR",
    "Messages that strangers may have sent to one address in an hour, over all businesses.",
    default=10,
)
RECIPIENT_MESSAGES_PER_DAY = env.read_integer(
    "RECIPIENT_MESSAGES_PER_DAY",
    "The same for a day. Recognised browsers and links of each business have as many.",
    default=20,
)
LOGIN_REQUESTS_PER_IP = env.read_rate(
    "LOGIN_REQUESTS_PER_IP", "How often one network may request codes at one business.", default="100/10 minutes"
)
LOGIN_GUESSES_PER_IP = env.read_rate(
    "LOGIN_GUESSES_PER_IP", "How often one network may enter codes at one business.", default="200/10 minutes"
)

# --- Attack mode ---
ATTACK_MODE_BUSINESS_THRESHOLD = env.read_integer(
    "ATTACK_MODE_BUSINESS_THRESHOLD", "Wrong guesses per hour at which attack mode begins at a business.", default=300
)
ATTACK_MODE_PLATFORM_THRESHOLD = env.read_integer(
    "ATTACK_MODE_PLATFORM_THRESHOLD", "Wrong guesses per hour at which it begins on the whole platform.", default=3000
)
ATTACK_MODE_LIFETIME = env.read_seconds(
    "ATTACK_MODE_LIFETIME", "How long attack mode lasts after the last trigger.", default=3600
)
ATTACK_MODE_DELAY = env.read_seconds(
    "ATTACK_MODE_DELAY",
    "How long an unrecognised browser waits for a code in attack mode, and for one of an address's last.",
    default=5,
)

# --- Sessions ---
CLIENT_SESSION_IDLE_TIMEOUT = env.read_seconds(
    "CLIENT_SESSION_IDLE_TIMEOUT", "How long a client's unused session lasts.", default=43_200
)
REMEMBER_ME_LIFETIME = env.read_seconds(
    "REMEMBER_ME_LIFETIME", 'How long a session lasts after signing in with "keep me signed in".', default=2_592_000
)
REAUTH_LIFETIME = env.read_seconds(
    "REAUTH_LIFETIME", "How long after a code was entered contact data may be changed without another one.", default=900
)
CLIENT_ACCESS_TOKEN_LIFETIME = env.read_seconds(
    "CLIENT_ACCESS_TOKEN_LIFETIME", "How long an access token of the client API is valid.", default=900
)
RECOGNISED_BROWSER_LIFETIME = env.read_seconds(
    "RECOGNISED_BROWSER_LIFETIME", "How long a browser is recognised after it signed in.", default=31_536_000
)
