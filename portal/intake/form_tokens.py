"""Signed tokens in the contact form that tell how long it was open, count it once, and prove a wait."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.core.signing import BadSignature, Signer

from tenants.models import Business

# Nobody reads and fills in a form faster.
MIN_FILL_TIME = timedelta(seconds=3)
MAX_FORM_AGE = timedelta(days=1)

# How long somebody waits before a form is received that was one too many.
WAIT = timedelta(seconds=30)

SALT, WAIT_SALT = "portal.intake.form_token", "portal.intake.wait_token"


class InvalidFormToken(Exception):
    """The form was sent too soon or too late, or we did not sign its token."""


class SubmittedTooFast(InvalidFormToken):
    """The form was sent faster than a person types."""


class FormExpired(InvalidFormToken):
    """The token is valid, but the form was open for too long."""


@dataclass(frozen=True)
class FormToken:
    """When a form was issued, and the key by which it counts once however often it is sent."""

    idempotency_key: UUID
    issued_at: datetime


def issue_form_token(business: Business, *, now: datetime) -> str:
    """Return a signed token for a form that is issued now."""
    return Signer(salt=SALT).sign_object([str(business.pk), str(uuid4()), int(now.timestamp() * 1000)])


def verify_form_token(
    text: str, business: Business, *, min_fill_time: timedelta = MIN_FILL_TIME, now: datetime
) -> FormToken:
    """Return the token of a form that was sent. Raises InvalidFormToken."""
    try:
        business_id, idempotency_key, issued_ms = Signer(salt=SALT).unsign_object(text)
    except (BadSignature, ValueError) as error:
        raise InvalidFormToken from error
    form_token = FormToken(UUID(idempotency_key), datetime.fromtimestamp(issued_ms / 1000, UTC))
    if business_id != str(business.pk):
        raise InvalidFormToken
    if now - form_token.issued_at > MAX_FORM_AGE:
        raise FormExpired
    if now - form_token.issued_at < min_fill_time:
        raise SubmittedTooFast
    return form_token


def issue_wait_token(idempotency_key: UUID, *, now: datetime) -> str:
    """Return a signed token for a form whose sender has to wait from now on."""
    return Signer(salt=WAIT_SALT).sign_object([str(idempotency_key), int(now.timestamp() * 1000)])


def has_waited(text: str, idempotency_key: UUID, *, now: datetime) -> bool:
    """Tell whether the sender of a form has sat out the wait that a token was issued for."""
    try:
        key, issued_ms = Signer(salt=WAIT_SALT).unsign_object(text)
    except (BadSignature, ValueError):
        return False
    waited = now - datetime.fromtimestamp(issued_ms / 1000, UTC)
    return key == str(idempotency_key) and WAIT <= waited <= MAX_FORM_AGE
