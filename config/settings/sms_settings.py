"""Settings of how many texts may be sent, what they may cost, and when they stop."""

from config import env

# --- Caps ---
SMS_PER_HOUR = env.read_integer("SMS_PER_HOUR", "Texts of one business in an hour.", default=200)
SMS_PER_DAY = env.read_integer("SMS_PER_DAY", "Texts of one business in a day.", default=1000)
SMS_PER_RANGE = env.read_integer(
    "SMS_PER_RANGE",
    "Texts of one business in a day to one block of 10,000 numbers, without established ones.",
    default=50,
)
SMS_PER_NEW_COUNTRY = env.read_integer(
    "SMS_PER_NEW_COUNTRY",
    "Texts of one business in a day to a country in which none of its codes was typed.",
    default=20,
)
SMS_BUDGET = env.read_integer(
    "SMS_BUDGET", "What the texts of one business may cost in a day, in US cents.", default=10_000
)
SMS_PLATFORM_BUDGET = env.read_integer(
    "SMS_PLATFORM_BUDGET", "What the texts of all businesses may cost in a day, in US cents.", default=100_000
)

# --- The stop while few codes are typed ---
SMS_STOP_SAMPLE = env.read_integer(
    "SMS_STOP_SAMPLE",
    "The texted codes of one block of numbers, and twice as many of a business, that are judged.",
    default=10,
)
SMS_STOP_PERCENTAGE = env.read_integer(
    "SMS_STOP_PERCENTAGE", "Texts stop when fewer than this percentage of these codes are typed.", default=20
)
SMS_STOP_LIFETIME = env.read_seconds("SMS_STOP_LIFETIME", "How long they stop.", default=86_400)
