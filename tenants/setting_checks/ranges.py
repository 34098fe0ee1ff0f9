"""Checks that numbers, durations and rates are within their ranges and don't contradict one another."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from limits import parse

from tenants.setting_checks.problems import Problem

MINUTE, HOUR, DAY = 60, 3_600, 86_400

# Smallest and largest value; the largest of the first two are also database constraints.
NUMBERS = {
    "LOGIN_MAX_GUESSES": (1, 5),
    "LOGIN_MAX_SENDS": (1, 3),
    "LOGIN_CODE_DIGITS": (6, 10),
    "LOGIN_CODE_DIGITS_UNDER_ATTACK": (6, 10),
    "LOGIN_FAILURES_PER_HOUR": (1, 100),
    "LOGIN_FAILURES_PER_DAY": (1, 1000),
    "LOGIN_SENDS_PER_HOUR": (1, 100),
    "LOGIN_SENDS_PER_DAY": (1, 1000),
    "RECIPIENT_MESSAGES_PER_HOUR": (1, 100),
    "RECIPIENT_MESSAGES_PER_DAY": (1, 1000),
    "ATTACK_MODE_BUSINESS_THRESHOLD": (1, 60_000),
    "ATTACK_MODE_PLATFORM_THRESHOLD": (1, 60_000),
    "HOST_CACHE_SECONDS": (0, 4),
    "HOST_CACHE_SIZE": (1, 60_000),
    "TRUSTED_PROXY_COUNT": (0, 10),
    "DELIVERY_MAX_CALLS": (1, 3),
    "SANDBOX_PROCESSES": (1, 64),
    "SANDBOX_MEMORY": (128, 4096),
    "CHAT_MESSAGES_PER_HOUR": (1, 1000),
    "CHAT_MESSAGES_PER_DAY": (1, 10_000),
    "STAFF_INVITATIONS_PER_DAY": (1, 10_000),
    "PORTAL_ADDRESSES_PER_BUSINESS": (1, 1000),
    "BREAKER_FAILURE_THRESHOLD": (1, 1000),
    "METRICS_PORT": (0, 65_535),
    "REQUEST_BODIES_PER_NETWORK": (1, 2048),
    "RESPONSE_MIN_RATE": (1, 100_000),
    "SMS_PER_HOUR": (10, 100_000),
    "SMS_PER_DAY": (10, 1_000_000),
    "SMS_PER_RANGE": (1, 10_000),
    "SMS_PER_NEW_COUNTRY": (1, 10_000),
    "SMS_BUDGET": (100, 10_000_000),
    "SMS_PLATFORM_BUDGET": (100, 1_000_000_000),
    "SMS_STOP_SAMPLE": (5, 1000),
    "SMS_STOP_PERCENTAGE": (0, 90),
}
# Shortest and longest duration, in seconds.
DURATIONS = {
    "LOGIN_CODE_LIFETIME": (MINUTE, 30 * MINUTE),
    "LOGIN_CHALLENGE_LIFETIME": (2 * MINUTE, HOUR),
    "LOGIN_RESEND_WAIT": (MINUTE, 5 * MINUTE),
    "ATTACK_MODE_LIFETIME": (MINUTE, DAY),
    "ATTACK_MODE_DELAY": (0, MINUTE),
    "CLIENT_SESSION_IDLE_TIMEOUT": (5 * MINUTE, 30 * DAY),
    "REMEMBER_ME_LIFETIME": (HOUR, 90 * DAY),
    "REAUTH_LIFETIME": (MINUTE, HOUR),
    "CLIENT_ACCESS_TOKEN_LIFETIME": (MINUTE, HOUR),
    "RECOGNISED_BROWSER_LIFETIME": (DAY, 730 * DAY),
    "PROVIDER_CONNECT_TIMEOUT": (1, MINUTE),
    "PROVIDER_READ_TIMEOUT": (1, MINUTE),
    "DELIVERY_LEASE": (2, HOUR),
    "DELIVERY_RETENTION": (DAY, 90 * DAY),
    "NOTIFICATION_LIFETIME": (HOUR, 7 * DAY),
    "SWEEP_INTERVAL": (1, MINUTE),
    "BREAKER_COOLDOWN": (1, 10 * MINUTE),
    "STAFF_SESSION_LIFETIME": (HOUR, 30 * DAY),
    "STAFF_INVITATION_LIFETIME": (HOUR, 30 * DAY),
    "SMS_STOP_LIFETIME": (MINUTE, 30 * DAY),
    "OUTAGE_THRESHOLD": (1, HOUR),
    "OUTAGE_LOOKBACK": (MINUTE, DAY),
    "CHAT_EMAIL_DELAY": (0, DAY),
    "PORTAL_ADDRESS_WAIT": (0, 30 * DAY),
    "REQUEST_HEADER_TIMEOUT": (1, MINUTE),
    "REQUEST_BODY_TIMEOUT": (1, 10 * MINUTE),
    "UPLOAD_TIMEOUT": (1, HOUR),
    "RESPONSE_STALL_TIMEOUT": (1, 10 * MINUTE),
}
# Smallest and largest number of times; a rate counts over a minute at least and a day at most.
RATES = {
    "API_REQUESTS_PER_KEY": (1, 60_000),
    "API_REQUESTS_PER_BUSINESS": (1, 60_000),
    "API_REQUESTS_PER_SESSION": (1, 60_000),
    "API_REQUESTS_PER_NETWORK": (1, 60_000),
    "LOGIN_REQUESTS_PER_IP": (1, 10_000),
    "LOGIN_GUESSES_PER_IP": (1, 10_000),
    "CONTACT_FORMS_PER_IP": (1, 1_000),
    "CONTACT_FORMS_PER_BUSINESS": (1, 10_000),
    "BOOKINGS_PER_BUSINESS": (1, 10_000),
    "BOOKINGS_PER_IP": (1, 1_000),
    "BOOKING_HOLDS_PER_IP": (1, 1_000),
    "BOOKING_TIMES_PER_IP": (1, 10_000),
    "CALENDAR_FEED_READS_PER_IP": (1, 10_000),
    "CALENDAR_FEED_READS_PER_FEED": (1, 10_000),
    "DOMAIN_CHECKS_PER_BUSINESS": (1, 1_000),
}
RATE_WINDOW = (MINUTE, DAY)
# (setting, the setting it must not exceed, what would happen otherwise)
UPPER_BOUNDS = [
    ("LOGIN_CODE_LIFETIME", "LOGIN_CHALLENGE_LIFETIME", "a code would outlive the attempt it belongs to"),
    ("LOGIN_RESEND_WAIT", "LOGIN_CODE_LIFETIME", "a code would end before another may be asked for"),
    ("LOGIN_FAILURES_PER_HOUR", "LOGIN_FAILURES_PER_DAY", "an hour would allow more than its day"),
    ("LOGIN_SENDS_PER_HOUR", "LOGIN_SENDS_PER_DAY", "an hour would allow more than its day"),
    ("RECIPIENT_MESSAGES_PER_HOUR", "RECIPIENT_MESSAGES_PER_DAY", "an hour would allow more than its day"),
    ("LOGIN_SENDS_PER_HOUR", "RECIPIENT_MESSAGES_PER_HOUR", "one business would allow more than the platform"),
    ("LOGIN_SENDS_PER_DAY", "RECIPIENT_MESSAGES_PER_DAY", "one business would allow more than the platform"),
    ("CHAT_MESSAGES_PER_HOUR", "CHAT_MESSAGES_PER_DAY", "an hour would allow more than its day"),
    ("SMS_PER_HOUR", "SMS_PER_DAY", "an hour would allow more than its day"),
    ("SMS_BUDGET", "SMS_PLATFORM_BUDGET", "one business could use up what all have"),
    ("LOGIN_CODE_DIGITS", "LOGIN_CODE_DIGITS_UNDER_ATTACK", "attack mode would make codes easier to guess"),
    ("REAUTH_LIFETIME", "CLIENT_SESSION_IDLE_TIMEOUT", "a session can't be fresh for longer than it lasts"),
    ("CLIENT_SESSION_IDLE_TIMEOUT", "REMEMBER_ME_LIFETIME", "keeping people signed in would sign them out earlier"),
    ("REMEMBER_ME_LIFETIME", "RECOGNISED_BROWSER_LIFETIME", "a browser would be forgotten while it is signed in"),
    ("LOGIN_CHALLENGE_LIFETIME", "DELIVERY_RETENTION", "outbox rows would vanish before they are completed"),
    ("NOTIFICATION_LIFETIME", "DELIVERY_RETENTION", "outbox rows would vanish before they are completed"),
    ("REQUEST_BODY_TIMEOUT", "UPLOAD_TIMEOUT", "a large file would have less time than a form"),
    ("SWEEP_INTERVAL", "LOGIN_CODE_LIFETIME", "codes could expire before anybody looks for them"),
    (
        "ATTACK_MODE_BUSINESS_THRESHOLD",
        "ATTACK_MODE_PLATFORM_THRESHOLD",
        "the platform would be attacked before any business is",
    ),
]


def check_ranges() -> Iterator[Problem]:
    """Yield a problem for each number, duration and rate outside its range."""
    for name, (least, most) in NUMBERS.items():
        if not least <= getattr(settings, name) <= most:
            yield name, f"must be between {least} and {most}."
    for name, (least, most) in DURATIONS.items():
        if not timedelta(seconds=least) <= getattr(settings, name) <= timedelta(seconds=most):
            yield name, f"must be between {least} and {most} seconds."
    for name, (least, most) in RATES.items():
        rate, (shortest, longest) = parse(getattr(settings, name)), RATE_WINDOW
        if not (least <= rate.amount <= most and shortest <= rate.get_expiry() <= longest):
            yield name, f"must allow between {least} and {most}, counted over a minute to a day."


def check_contradictions() -> Iterator[Problem]:
    """Yield a problem for each setting that doesn't go with another one."""
    for name, limit, reason in UPPER_BOUNDS:
        if getattr(settings, name) > getattr(settings, limit):
            yield name, f"must not be more than {limit}: {reason}."
    if settings.PROVIDER_CONNECT_TIMEOUT + settings.PROVIDER_READ_TIMEOUT >= settings.DELIVERY_LEASE:
        yield (
            "DELIVERY_LEASE",
            "must be longer than both provider time-outs together, or two workers send the same code.",
        )
    if settings.LOGIN_RESEND_WAIT * (settings.LOGIN_MAX_SENDS - 1) >= settings.LOGIN_CHALLENGE_LIFETIME:
        yield "LOGIN_RESEND_WAIT", "is so long that the attempt ends before its last code may be asked for."
    yield from _check_further_guesses()


def _check_further_guesses() -> Iterator[Problem]:
    """Yield a problem if the limits on wrong guesses don't leave one attempt all of its guesses."""
    further = settings.LOGIN_MAX_GUESSES - 1
    for period in ("HOUR", "DAY"):
        failures, sends = f"LOGIN_FAILURES_PER_{period}", f"LOGIN_SENDS_PER_{period}"
        if getattr(settings, failures) < getattr(settings, sends) + further:
            reason = "who mistypes a code would have no guess left for the right one"
            yield failures, f"must be at least {sends} + {further}: {reason}."
