"""Signed tokens by which somebody proves to have waited before they ask for a staff code again."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer

LIFETIME = timedelta(minutes=10)

SALT = "tenants.staff.wait_tokens"


def issue_wait_token(email: str, *, now: datetime) -> str:
    """Return a token that says from when somebody waits for a code to an address; it does not hold the address."""
    issued_ms = int(now.timestamp() * 1000)
    return f"{issued_ms}:{_sign(email, issued_ms)}"


def has_waited(wait_token: str, email: str, *, now: datetime) -> bool:
    """Tell whether the wait that a token was issued for, for this address, is over and not long ago."""
    issued_ms, _colon, signature = wait_token[:200].partition(":")
    if not issued_ms.isascii() or not issued_ms.isdigit() or len(issued_ms) > 15:
        return False
    try:
        Signer(salt=SALT).unsign(f"{email.lower()} {issued_ms}:{signature}")
    except BadSignature:
        return False
    return settings.ATTACK_MODE_DELAY <= now - datetime.fromtimestamp(int(issued_ms) / 1000, UTC) <= LIFETIME


def _sign(email: str, issued_ms: int) -> str:
    return Signer(salt=SALT).signature(f"{email.lower()} {issued_ms}")
