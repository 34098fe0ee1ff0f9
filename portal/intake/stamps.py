"""How long was a form open before it was sent? The form itself says so, signed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.core.signing import BadSignature, Signer

from tenants.models import Business

# Nobody reads and fills in a form faster; a page older than that has been lying about.
QUICKEST, LONGEST = timedelta(seconds=3), timedelta(days=1)

_signer = Signer(salt="portal.intake.stamp")


class StampRejected(Exception):
    """The form was sent too soon or too late, or its stamp is not of our making."""


class TooQuick(StampRejected):
    """It was sent faster than a person types."""


class TooLate(StampRejected):
    """It is one of ours, but the page lay about for too long."""


@dataclass(frozen=True)
class Stamp:
    """When a form was given out, and the ticket by which it counts once however often it is sent."""

    ticket: UUID
    given_at: datetime


def new_stamp(business: Business, *, now: datetime) -> str:
    """Return the stamp that a form carries from now on."""
    return _signer.sign_object([str(business.pk), str(uuid4()), int(now.timestamp() * 1000)])


def read_stamp(text: str, business: Business, *, now: datetime) -> Stamp:
    """Return the stamp a form came back with. Raises StampRejected."""
    try:
        place, ticket, given = _signer.unsign_object(text)
    except (BadSignature, ValueError) as error:
        raise StampRejected from error
    stamp = Stamp(UUID(ticket), datetime.fromtimestamp(given / 1000, UTC))
    if place != str(business.pk):
        raise StampRejected
    if now - stamp.given_at > LONGEST:
        raise TooLate
    if now - stamp.given_at < QUICKEST:
        raise TooQuick
    return stamp
