"""Settings of what clients, visitors and businesses may do at a portal."""

from config import env

# --- Contact forms ---
CONTACT_FORMS_PER_IP = env.read_rate(
    "CONTACT_FORMS_PER_IP", "Contact forms that one business accepts from one network.", default="10/10 minutes"
)
CONTACT_FORMS_PER_BUSINESS = env.read_rate(
    "CONTACT_FORMS_PER_BUSINESS", "Contact forms that one business accepts in all.", default="200/hour"
)

# --- Calendar feeds ---
CALENDAR_FEED_READS_PER_IP = env.read_rate(
    "CALENDAR_FEED_READS_PER_IP", "How often one network may read calendar feeds of one business.", default="600/hour"
)
CALENDAR_FEED_READS_PER_FEED = env.read_rate(
    "CALENDAR_FEED_READS_PER_FEED", "How often one calendar feed may be read, by all programs.", default="60/hour"
)

# --- Bookings ---
BOOKINGS_PER_IP = env.read_rate(
    "BOOKINGS_PER_IP", "Booking forms that one business accepts from one network.", default="10/10 minutes"
)
BOOKINGS_PER_BUSINESS = env.read_rate(
    "BOOKINGS_PER_BUSINESS", "Booking forms that one business accepts in all.", default="200/hour"
)
BOOKING_HOLDS_PER_IP = env.read_rate(
    "BOOKING_HOLDS_PER_IP", "How often one network may hold times at one business.", default="30/10 minutes"
)
BOOKING_TIMES_PER_IP = env.read_rate(
    "BOOKING_TIMES_PER_IP", "How often one network may look at free times of one business.", default="300/10 minutes"
)

# --- Conversations ---
CHAT_EMAIL_DELAY = env.read_seconds(
    "CHAT_EMAIL_DELAY", "How long chat messages are collected before one mail announces them.", default=300
)
CHAT_MESSAGES_PER_HOUR = env.read_integer(
    "CHAT_MESSAGES_PER_HOUR", "Chat messages that a client may write in an hour.", default=30
)
CHAT_MESSAGES_PER_DAY = env.read_integer(
    "CHAT_MESSAGES_PER_DAY", "Chat messages that a client may write in a day.", default=100
)

# --- Portal addresses and custom domains ---
PORTAL_ADDRESSES_PER_BUSINESS = env.read_integer(
    "PORTAL_ADDRESSES_PER_BUSINESS",
    "How many portal addresses one business may take in all, former ones included: each is kept for ever.",
    default=10,
)
PORTAL_ADDRESS_WAIT = env.read_seconds(
    "PORTAL_ADDRESS_WAIT",
    "How long a business waits after a new portal address before it may take another.",
    default=3600,
)
DOMAIN_CHECKS_PER_BUSINESS = env.read_rate(
    "DOMAIN_CHECKS_PER_BUSINESS", "How often one business may check its custom domains by hand.", default="30/hour"
)
