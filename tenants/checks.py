"""Checks that the settings are safe for production and don't contradict one another.

Django's commands run these as system checks. The web server and the workers don't, so they call
`exit_on_unsafe_settings()` first. Limits and durations are checked in the demo too.
"""

import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

from tenants.hostnames import RESERVED_SLUGS

Problem = tuple[str, str]

SECRETS = (
    "SECRET_KEY",
    "SENDGRID_API_KEY",
    "SENDGRID_WEBHOOK_PUBLIC_KEY",
    "TWILIO_AUTH_TOKEN",
    "SMTP_URL",
    "REDIS_URL",
    "BROKER_URL",
)
PLACEHOLDER_PREFIXES = ("example", "change-me", "changeme", "change_me", "dev-", "django-insecure-", "replace")
EMAIL_PROVIDERS = {"sendgrid": ["SENDGRID_API_KEY", "SENDGRID_WEBHOOK_PUBLIC_KEY"], "smtp": ["SMTP_URL"], "demo": []}
SMS_PROVIDERS = {"twilio": ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"], "demo": []}

HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
SCHEMES = {
    "REDIS_URL": ["redis", "rediss", "unix"],
    "BROKER_URL": ["redis", "rediss", "unix", "amqp", "amqps"],
    "SMTP_URL": ["smtps", "smtp", "smtp+plain"],
}

# Smallest and largest value; the largest of the first two are also database constraints.
RANGES = {
    "LOGIN_MAX_GUESSES": (1, 5),
    "LOGIN_MAX_SENDS": (1, 3),
    "LOGIN_CODE_DIGITS": (6, 10),
    "LOGIN_CODE_DIGITS_UNDER_ATTACK": (6, 10),
    "LOGIN_FAILURES_PER_HOUR": (1, 100),
    "LOGIN_FAILURES_PER_DAY": (1, 1000),
    "LOGIN_SENDS_PER_HOUR": (1, 100),
    "LOGIN_SENDS_PER_DAY": (1, 1000),
    "ATTACK_MODE_BUSINESS_THRESHOLD": (1, 1_000_000),
    "ATTACK_MODE_PLATFORM_THRESHOLD": (1, 1_000_000),
    "HOST_CACHE_SECONDS": (0, 4),
    "HOST_CACHE_SIZE": (1, 1_000_000),
    "TRUSTED_PROXY_COUNT": (0, 10),
    "DELIVERY_MAX_CALLS": (1, 3),
    "CHAT_MESSAGES_PER_HOUR": (1, 1000),
    "CHAT_MESSAGES_PER_DAY": (1, 10_000),
    "STAFF_INVITATIONS_PER_DAY": (1, 10_000),
    "BREAKER_FAILURE_THRESHOLD": (1, 1000),
    "METRICS_PORT": (0, 65_535),
}
DURATIONS = (
    "LOGIN_CODE_LIFETIME LOGIN_CHALLENGE_LIFETIME LOGIN_RESEND_WAIT ATTACK_MODE_LIFETIME CLIENT_SESSION_IDLE_TIMEOUT "
    "REMEMBER_ME_LIFETIME REAUTH_LIFETIME RECOGNISED_BROWSER_LIFETIME PROVIDER_CONNECT_TIMEOUT PROVIDER_READ_TIMEOUT "
    "DELIVERY_LEASE DELIVERY_RETENTION NOTIFICATION_LIFETIME SWEEP_INTERVAL BREAKER_COOLDOWN STAFF_SESSION_LIFETIME "
    "STAFF_INVITATION_LIFETIME OUTAGE_THRESHOLD OUTAGE_LOOKBACK"
).split()
# Durations that may be zero.
DELAYS = ("ATTACK_MODE_DELAY", "CHAT_EMAIL_DELAY")
# (setting, the setting it must not exceed, what would happen otherwise)
UPPER_BOUNDS = [
    ("LOGIN_CODE_LIFETIME", "LOGIN_CHALLENGE_LIFETIME", "a code would outlive the attempt it belongs to"),
    ("LOGIN_RESEND_WAIT", "LOGIN_CODE_LIFETIME", "a code would end before another may be asked for"),
    ("LOGIN_FAILURES_PER_HOUR", "LOGIN_FAILURES_PER_DAY", "an hour would allow more than its day"),
    ("LOGIN_SENDS_PER_HOUR", "LOGIN_SENDS_PER_DAY", "an hour would allow more than its day"),
    ("CHAT_MESSAGES_PER_HOUR", "CHAT_MESSAGES_PER_DAY", "an hour would allow more than its day"),
    ("LOGIN_CODE_DIGITS", "LOGIN_CODE_DIGITS_UNDER_ATTACK", "attack mode would make codes easier to guess"),
    ("REAUTH_LIFETIME", "CLIENT_SESSION_IDLE_TIMEOUT", "a session can't be fresh for longer than it lasts"),
    ("CLIENT_SESSION_IDLE_TIMEOUT", "REMEMBER_ME_LIFETIME", "keeping people signed in would sign them out earlier"),
    ("REMEMBER_ME_LIFETIME", "RECOGNISED_BROWSER_LIFETIME", "a browser would be forgotten while it is signed in"),
    ("LOGIN_CHALLENGE_LIFETIME", "DELIVERY_RETENTION", "outbox rows would vanish before they are completed"),
    ("NOTIFICATION_LIFETIME", "DELIVERY_RETENTION", "outbox rows would vanish before they are completed"),
    ("SWEEP_INTERVAL", "LOGIN_CODE_LIFETIME", "codes could expire before anybody looks for them"),
    (
        "ATTACK_MODE_BUSINESS_THRESHOLD",
        "ATTACK_MODE_PLATFORM_THRESHOLD",
        "the platform would be attacked before any business is",
    ),
]


def exit_on_unsafe_settings() -> None:
    """Exit the process with a sentence for each problem, unless the settings are safe."""
    problems = [f"{name}: {sentence}" for name, sentence in _find_settings_problems()]
    if problems:
        sys.exit("Portico does not start with these settings.\n" + "\n".join(problems))


@register(Tags.security)
def check_settings(app_configs: object, **kwargs: object) -> list[Error]:
    """Return a Django check error for each setting that is unsafe or contradicts another."""
    return [Error(f"{name}: {sentence}", id=f"portico.{name}") for name, sentence in _find_settings_problems()]


def _find_settings_problems() -> Iterator[Problem]:
    if settings.DEBUG:
        yield "DEBUG", "is on. Django's debug pages show code, settings and data to anybody; turn it off."
    yield from _check_demo_settings() if settings.DEMO else _check_production_settings()
    yield from _check_host_settings()
    yield from _check_providers("EMAIL_PROVIDERS", EMAIL_PROVIDERS)
    yield from _check_providers("SMS_PROVIDERS", SMS_PROVIDERS)
    yield from _check_webhook_public_key(settings.SENDGRID_WEBHOOK_PUBLIC_KEY)
    yield from _check_numeric_settings()
    yield from _check_duration_settings()


def _check_demo_settings() -> Iterator[Problem]:
    for name in ("PLATFORM_HOST", "PORTAL_DOMAIN"):
        if not _is_local_host(getattr(settings, name)):
            yield (
                "DEMO",
                f"shows every code to whoever asks, so {name} must be localhost or end in .localhost or .test.",
            )


def _check_production_settings() -> Iterator[Problem]:
    yield from _check_secrets()
    yield from _check_provider_urls()
    for name in ("PLATFORM_HOST", "PORTAL_DOMAIN"):
        if _is_local_host(getattr(settings, name)):
            yield name, "is an address only this machine knows. Set the name that people reach, or DEMO=true."
    if not settings.STAFF_MFA_REQUIRED:
        yield "STAFF_MFA_REQUIRED", "is off. Whoever reads one mailbox could open a business's client list; turn it on."
    if not settings.HTTPS:
        yield "PUBLIC_URL", "must begin with https://. Codes and cookies don't travel in the clear."


def _check_provider_urls() -> Iterator[Problem]:
    for name in ("SENDGRID_BASE_URL", "TWILIO_BASE_URL"):
        url = urlsplit(getattr(settings, name))
        if url.scheme != "https" and not _is_local_host(url.hostname or ""):
            yield name, "must begin with https://. It carries keys and codes."
    for name in ("EMAIL_PROVIDERS", "SMS_PROVIDERS"):
        if "demo" in getattr(settings, name):
            yield name, "names demo, which shows messages instead of sending them. Name a real provider."
    if settings.MAIL_FROM.rpartition("@")[2] in ("", "localhost"):
        yield "MAIL_FROM", "must be an address at a domain of yours."


def _check_secrets() -> Iterator[Problem]:
    examples = _read_example_values()
    for name in SECRETS:
        value = getattr(settings, name)
        if value and (value in examples or _extract_password(value).lower().startswith(PLACEHOLDER_PREFIXES)):
            yield name, "is an example. Set one of your own."
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 12:
        yield "SECRET_KEY", "is too easy to guess. Use 50 random characters or more."
    if settings.DATABASES["default"].get("PASSWORD", "").lower().startswith(PLACEHOLDER_PREFIXES):
        yield "DATABASE_URL", "holds an example password. Set one of your own."
    for key_id, key in settings.LOGIN_CODE_KEYS.items():
        if len(set(key)) < 12 or key.lower().startswith(tuple(prefix.encode() for prefix in PLACEHOLDER_PREFIXES)):
            yield "LOGIN_CODE_KEYS", f"holds an example as {key_id!r}. Make one with: openssl rand -base64 32"


def _extract_password(value: str) -> str:
    """Return the password of a URL, and any other value unchanged."""
    return urlsplit(value).password or "" if "://" in value else value


def _read_example_values() -> set[str]:
    """Return the values in .env.example, if the file exists; they are public."""
    path = settings.BASE_DIR / ".env.example"
    lines = path.read_text().splitlines() if path.exists() else []
    pairs = (line.lstrip("# ").partition("=") for line in lines)
    return {value.strip() for name, _, value in pairs if name in SECRETS and value.strip()}


def _check_host_settings() -> Iterator[Problem]:
    for name in ("PLATFORM_HOST", "PORTAL_DOMAIN"):
        host = getattr(settings, name)
        if "*" in host:
            yield name, "is a wildcard, and would serve any host. Name one."
        elif not HOST_NAME.fullmatch(host):
            yield name, "must be a bare host name, without scheme, port, path and leading dot."
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme not in ("http", "https") or public.hostname != settings.PLATFORM_HOST or public.path:
        yield "PUBLIC_URL", "must be https://, then PLATFORM_HOST, then a port if there is one, and nothing else."
    for name, schemes in SCHEMES.items():
        if (url := getattr(settings, name)) and urlsplit(url).scheme not in schemes:
            yield name, f"must begin with {', '.join(f'{scheme}://' for scheme in schemes)}."
    label, dot, parent = settings.PLATFORM_HOST.partition(".")
    if dot and parent == settings.PORTAL_DOMAIN and label not in RESERVED_SLUGS:
        yield "PLATFORM_HOST", f"could be a portal's address. Use one that no business can take, as app.{parent}."


def _check_providers(setting: str, known: dict[str, list[str]]) -> Iterator[Problem]:
    provider_names = getattr(settings, setting)
    if not provider_names:
        yield setting, f"names nobody to send with. Choose from {', '.join(known)}."
    for provider in provider_names:
        if provider not in known:
            yield setting, f"names {provider!r}, which is not one of {', '.join(known)}."
        for needed in known.get(provider, []):
            if not getattr(settings, needed) and not (settings.DEMO and needed.endswith("PUBLIC_KEY")):
                yield needed, f"is missing, and {setting} names {provider}."
    if "twilio" in provider_names and not (settings.TWILIO_FROM or settings.TWILIO_MESSAGING_SERVICE_SID):
        yield "TWILIO_FROM", "is missing. Set it or TWILIO_MESSAGING_SERVICE_SID."


def _check_webhook_public_key(key: str) -> Iterator[Problem]:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        pem = f"-----BEGIN PUBLIC KEY-----\n{key}\n-----END PUBLIC KEY-----"
        usable = not key or isinstance(load_pem_public_key(pem.encode()), EllipticCurvePublicKey)
    except (ValueError, UnsupportedAlgorithm):
        usable = False
    if not usable:
        yield "SENDGRID_WEBHOOK_PUBLIC_KEY", "is no key. Copy the line that SendGrid shows as the verification key."


def _check_numeric_settings() -> Iterator[Problem]:
    for name, (least, most) in RANGES.items():
        if not least <= getattr(settings, name) <= most:
            yield name, f"must be between {least} and {most}."


def _check_duration_settings() -> Iterator[Problem]:
    for name in (*DURATIONS, *DELAYS):
        least = timedelta(0) if name in DELAYS else timedelta(seconds=1)
        if getattr(settings, name) < least:
            yield name, "must be at least a second." if least else "must not be negative."
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


def _is_local_host(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host.rpartition(".")[2] in ("localhost", "test", "localdomain", "")
