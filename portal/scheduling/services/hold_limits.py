"""How many times one network may hold at once, for people who have not signed in."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from portal.scheduling.models import Appointment, AppointmentState

MAX_HOLDS_PER_NETWORK = 5


class TooManyHolds(Exception):
    """The network holds as many times as it may, until `retry_at`."""

    def __init__(self, retry_at: datetime):
        super().__init__("too many holds")
        self.retry_at = retry_at


def lock_network(network_digest: bytes) -> None:
    """Wait until nobody else of a network holds a time, and keep it so until the transaction ends.

    Taken before the locks of calendars. Networks whose digests begin alike wait for one another for nothing.
    """
    if network_digest:
        key = int.from_bytes(network_digest[:4], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), %s)", [key])


def check_hold_limit(network_digest: bytes, hold_key: UUID, *, now: datetime) -> None:
    """Raise TooManyHolds if a network, which the caller has locked, holds as many other times as one may."""
    if not network_digest:
        return
    held = Appointment.objects.filter(state=AppointmentState.HELD, hold_expires_at__gt=now)
    others = held.filter(network_digest=network_digest).exclude(hold_key=hold_key).order_by("hold_expires_at")
    ends = list(others.values_list("hold_expires_at", flat=True)[:MAX_HOLDS_PER_NETWORK])
    if len(ends) == MAX_HOLDS_PER_NETWORK:
        raise TooManyHolds(ends[0] or now)
