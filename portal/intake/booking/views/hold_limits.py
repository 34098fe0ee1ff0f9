"""How many times one network, or one client, may hold at once."""

from datetime import datetime
from uuid import UUID

from portal.intake.booking.views.visits import BookingVisit
from portal.scheduling.models import Appointment, AppointmentState
from tenants.client_ip import get_client_network_block
from tenants.keyed_digests import compute_keyed_digest

MAX_HOLDS = 5


class TooManyHolds(Exception):
    """The network or the client holds as many times as it may, until `retry_at`."""

    def __init__(self, retry_at: datetime):
        super().__init__("too many holds")
        self.retry_at = retry_at


def check_hold_limit(visit: BookingVisit, hold_key: UUID) -> None:
    """Raise TooManyHolds if the visitor holds as many other times as one may."""
    held = Appointment.objects.filter(state=AppointmentState.HELD, hold_expires_at__gt=visit.now)
    own = held.filter(client=visit.client) if visit.client else held.filter(network_digest=digest_network(visit))
    others = own.exclude(hold_key=hold_key).order_by("hold_expires_at")
    ends = list(others.values_list("hold_expires_at", flat=True)[:MAX_HOLDS])
    if len(ends) == MAX_HOLDS:
        raise TooManyHolds(ends[0] or visit.now)


def digest_network(visit: BookingVisit) -> bytes:
    """Return what tells the visitor's network apart from others without saying which it is."""
    return compute_keyed_digest("portal.intake.network", get_client_network_block(visit.request)).current
