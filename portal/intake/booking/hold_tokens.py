"""Signed tokens in the addresses of the pages that book a time: which hold it is, and of what."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.core.signing import BadSignature, Signer

from tenants.models import Business

SALT = "portal.intake.hold_token"


@dataclass(frozen=True)
class HoldToken:
    """The key of a hold, and what was held: even where the hold has gone, its page can offer other times.

    `calendar_id` is None where anybody's calendar would do. `issued_at` is when the form was first shown.
    """

    hold_key: UUID
    service_id: UUID
    starts_at: datetime
    calendar_id: UUID | None
    issued_at: datetime


def sign_hold_token(token: HoldToken, business: Business) -> str:
    """Return a token as a part of an address."""
    calendar = token.calendar_id.hex if token.calendar_id else ""
    issued_ms = int(token.issued_at.timestamp() * 1000)
    values = [token.hold_key.hex, token.service_id.hex, calendar, int(token.starts_at.timestamp()), issued_ms]
    return _build_signer(business).sign_object(values)


def read_hold_token(text: str, business: Business) -> HoldToken | None:
    """Return the token of an address, or None if this business has not signed it."""
    try:
        hold_key, service_id, calendar, starts_at, issued_ms = _build_signer(business).unsign_object(text)
    except (BadSignature, ValueError):
        return None
    return HoldToken(
        hold_key=UUID(hold_key),
        service_id=UUID(service_id),
        starts_at=datetime.fromtimestamp(starts_at, UTC),
        calendar_id=UUID(calendar) if calendar else None,
        issued_at=datetime.fromtimestamp(issued_ms / 1000, UTC),
    )


def _build_signer(business: Business) -> Signer:
    return Signer(salt=f"{SALT}:{business.pk}")
