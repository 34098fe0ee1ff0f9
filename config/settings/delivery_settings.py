"""Settings of sending mails and texts: providers, deliveries, conversations and outages."""

from config import env
from config.settings.host_settings import PORTAL_DOMAIN
from config.settings.installation_settings import BASE_DIR, DEMO

# --- Providers ---
EMAIL_PROVIDERS = env.read_list(
    "EMAIL_PROVIDERS",
    "Email providers in the order they are tried: sendgrid, smtp, demo.",
    default=["demo"] if DEMO else ["sendgrid"],
)
SMS_PROVIDERS = env.read_list(
    "SMS_PROVIDERS",
    "Text message providers in the order they are tried: twilio, demo.",
    default=["demo"] if DEMO else ["twilio"],
)
MAIL_FROM = env.read_string("MAIL_FROM", "The address that notices come from.", default=f"portal@{PORTAL_DOMAIN}")
# Somebody who names an address may have only that one set up. Production then asks for another one, for codes.
MAIL_FROM_CODES = env.read_string(
    "MAIL_FROM_CODES",
    "The address that codes come from.",
    default=f"codes@{PORTAL_DOMAIN}" if f"portal@{PORTAL_DOMAIN}" == MAIL_FROM else MAIL_FROM,
)
SUPPORT_EMAIL = env.read_string(
    "SUPPORT_EMAIL", "Where businesses reach the operators; shown to the staff of a suspended business.", default=""
)
MAIL_DKIM_SELECTOR = env.read_string(
    "MAIL_DKIM_SELECTOR", "The DKIM selector that the allow-list card shows.", default="s1"
)
PROVIDER_CONNECT_TIMEOUT = env.read_seconds(
    "PROVIDER_CONNECT_TIMEOUT", "Longest wait for a connection to a provider.", default=2
)
PROVIDER_READ_TIMEOUT = env.read_seconds("PROVIDER_READ_TIMEOUT", "Longest wait for a provider's answer.", default=6)
BREAKER_FAILURE_THRESHOLD = env.read_integer(
    "BREAKER_FAILURE_THRESHOLD", "Failures in a row that open a provider's circuit breaker.", default=5
)
BREAKER_COOLDOWN = env.read_seconds(
    "BREAKER_COOLDOWN", "How long an open circuit breaker waits before one trial call.", default=15
)

# --- SendGrid ---
SENDGRID_API_KEY = env.read_string(
    "SENDGRID_API_KEY", "A SendGrid key that may send mail and edit suppressions.", default=""
)
SENDGRID_BASE_URL = env.read_string("SENDGRID_BASE_URL", "SendGrid's API.", default="https://api.sendgrid.com").rstrip(
    "/"
)
SENDGRID_WEBHOOK_PUBLIC_KEY = env.read_string(
    "SENDGRID_WEBHOOK_PUBLIC_KEY", "The public key of SendGrid's signed Event Webhook.", default=""
)
SENDGRID_WEBHOOK_PUBLIC_KEY_FALLBACKS = env.read_list(
    "SENDGRID_WEBHOOK_PUBLIC_KEY_FALLBACKS", "Former public keys, which still verify events.", default=[]
)

# --- Twilio ---
TWILIO_ACCOUNT_SID = env.read_string("TWILIO_ACCOUNT_SID", "The Twilio account.", default="")
TWILIO_AUTH_TOKEN = env.read_string("TWILIO_AUTH_TOKEN", "Signs Twilio's callbacks and our requests.", default="")
TWILIO_AUTH_TOKEN_FALLBACKS = env.read_list(
    "TWILIO_AUTH_TOKEN_FALLBACKS", "Former or next tokens, which verify callbacks too.", default=[]
)
TWILIO_FROM = env.read_string("TWILIO_FROM", "The number that notices are texted from.", default="")
TWILIO_FROM_CODES = env.read_string("TWILIO_FROM_CODES", "The number that codes are texted from.", default="")
TWILIO_MESSAGING_SERVICE_SID = env.read_string(
    "TWILIO_MESSAGING_SERVICE_SID", "The messaging service that sends notices, instead of TWILIO_FROM.", default=""
)
TWILIO_MESSAGING_SERVICE_SID_CODES = env.read_string(
    "TWILIO_MESSAGING_SERVICE_SID_CODES",
    "The messaging service that sends codes, instead of TWILIO_FROM_CODES.",
    default="",
)
TWILIO_BASE_URL = env.read_string("TWILIO_BASE_URL", "Twilio's API.", default="https://api.twilio.com").rstrip("/")

# --- A mail server ---
SMTP_URL = env.read_string(
    "SMTP_URL",
    "smtps://user:password@host:465, or smtp://…:587 with STARTTLS; smtp+plain:// does without TLS.",
    default="",
)

# --- Deliveries ---
DELIVERY_LEASE = env.read_seconds(
    "DELIVERY_LEASE", "How long a worker's lease on a delivery lasts before another may claim it.", default=15
)
DELIVERY_MAX_CALLS = env.read_integer(
    "DELIVERY_MAX_CALLS", "Calls per message that may have reached the person.", default=3
)
DELIVERY_RETENTION = env.read_seconds(
    "DELIVERY_RETENTION", "How long completed rows of the outbox are kept.", default=1_209_600
)
SWEEP_INTERVAL = env.read_seconds("SWEEP_INTERVAL", "How often the sweeper looks for due deliveries.", default=2)
NOTIFICATION_LIFETIME = env.read_seconds(
    "NOTIFICATION_LIFETIME", "How long after it was due an unsent notification is dropped.", default=86_400
)

# --- Outages ---
OUTAGE_THRESHOLD = env.read_seconds(
    "OUTAGE_THRESHOLD",
    "How long a code waits, while no provider accepts one, before staff are notified of an outage.",
    default=60,
)
OUTAGE_LOOKBACK = env.read_seconds(
    "OUTAGE_LOOKBACK", "How long an outage lasts after the last code was requested.", default=1800
)

# --- The demo ---
DEMO_OUTBOX_DIR = env.read_string(
    "DEMO_OUTBOX_DIR",
    "Where the demo's provider stores mails and text messages.",
    default=str(BASE_DIR / ".portico" / "outbox"),
)
