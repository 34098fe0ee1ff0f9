"""Checks that settings which hold an address, an account or a key have its form."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_ipv46_address

from tenants.setting_checks.problems import Problem

MESSAGING_SERVICE = (r"MG[0-9a-fA-F]{32}", "MG and 32 hexadecimal digits")
SENDING_NUMBER = (
    r"\+[1-9][0-9]{6,14}|[0-9]{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}",
    "a number such as +15005550006, a short code, or a name of up to 11 letters and digits",
)
# Patterns that a value must match, unless it is empty, and what it is in words.
PATTERNS = {
    "MAIL_DKIM_SELECTOR": (r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", "a DKIM selector, such as s1"),
    "DNS_RESOLVER": (r"(\[[0-9A-Fa-f:]+\]|[0-9A-Za-z.-]+):[0-9]{1,5}", "host:port, such as 10.0.0.2:53"),
    "TWILIO_ACCOUNT_SID": (r"AC[0-9a-fA-F]{32}", "AC and 32 hexadecimal digits"),
    "TWILIO_MESSAGING_SERVICE_SID": MESSAGING_SERVICE,
    "TWILIO_MESSAGING_SERVICE_SID_CODES": MESSAGING_SERVICE,
    "TWILIO_FROM": SENDING_NUMBER,
    "TWILIO_FROM_CODES": SENDING_NUMBER,
}
HEADER_VALUES = ("SENDGRID_API_KEY", "TWILIO_AUTH_TOKEN", "MAIL_FROM", "MAIL_FROM_CODES", "SENTRY_ENVIRONMENT")


def check_text_formats() -> Iterator[Problem]:
    """Yield a problem for each text that isn't what its setting holds."""
    for name, (pattern, form) in PATTERNS.items():
        if (value := getattr(settings, name)) and not re.fullmatch(pattern, value):
            yield name, f"must be {form}."
    for name in HEADER_VALUES:
        if re.search(r"[\s\x00-\x1f\x7f]", getattr(settings, name)):
            yield name, "must not contain spaces or line breaks."
    yield from _check_email_addresses()
    if settings.METRICS_HOST != "localhost" and not _is_valid(validate_ipv46_address, settings.METRICS_HOST):
        yield "METRICS_HOST", "must be an IP address of this machine."
    if settings.SENTRY_DSN and not _is_sentry_dsn(settings.SENTRY_DSN):
        yield "SENTRY_DSN", "must be the address that Sentry shows under Client Keys."
    yield from _check_webhook_public_keys()


def _check_email_addresses() -> Iterator[Problem]:
    for name in ("MAIL_FROM", "MAIL_FROM_CODES", "SUPPORT_EMAIL"):
        address = getattr(settings, name)
        if (address or name != "SUPPORT_EMAIL") and not _is_valid(validate_email, address):
            yield name, "must be an email address."


def _check_webhook_public_keys() -> Iterator[Problem]:
    for name in ("SENDGRID_WEBHOOK_PUBLIC_KEY", "SENDGRID_WEBHOOK_PUBLIC_KEY_FALLBACKS"):
        keys = getattr(settings, name)
        if not all(_is_public_key(key) for key in ([keys] if isinstance(keys, str) else keys) if key):
            yield name, "holds what is no key. Copy the line that SendGrid shows as the verification key."


def _is_sentry_dsn(value: str) -> bool:
    url = urlsplit(value)
    return bool(url.scheme in ("http", "https") and url.username and url.path.strip("/"))


def _is_valid(validator: Callable[[str], None], value: str) -> bool:
    try:
        validator(value)
    except ValidationError:
        return False
    return True


def _is_public_key(key: str) -> bool:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        pem = f"-----BEGIN PUBLIC KEY-----\n{key}\n-----END PUBLIC KEY-----"
        return isinstance(load_pem_public_key(pem.encode()), EllipticCurvePublicKey)
    except (ValueError, UnsupportedAlgorithm):
        return False
