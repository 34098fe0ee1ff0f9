"""Hold a time for ten minutes while somebody fills in the booking form."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from portal.clients.models import Client
from portal.scheduling.models import Appointment, AppointmentSource, AppointmentState, CalendarEntry
from portal.scheduling.models.appointment import OPEN_STATES
from portal.scheduling.services.appointment_locks import lock_client, lock_first
from portal.scheduling.services.expired_holds import delete_hold, release_overdue_holds
from portal.scheduling.services.hold_limits import check_hold_limit, lock_network
from portal.scheduling.services.seat_booking import lock_candidates, take_offered_seat
from portal.scheduling.services.slots import SlotQuery, SlotUnavailable

HOLD_LIFETIME = timedelta(minutes=10)
# How many times one client holds on different pages; the one held first is freed for another.
MAX_HOLDS_PER_CLIENT = 3
UNIQUE_VIOLATION = "23505"


@dataclass(frozen=True)
class HoldRequest:
    """Who wants to hold a time: the page they hold it from, and the client if one has signed in."""

    key: UUID
    source: AppointmentSource
    client: Client | None = None
    time_zone: str = ""
    language: str = ""
    network_digest: bytes = b""


def hold_slot(query: SlotQuery, starts_at: datetime, request: HoldRequest, *, now: datetime) -> Appointment:
    """Hold a time that is offered now, or return what the same page or client has of it.

    One page holds one time: choosing another frees the first. What is returned may be held on another page of the same
    client, or booked by staff, so its key may be another or none. Raises SlotUnavailable and TooManyHolds.
    """
    if not query.service.is_bookable_by(is_client=request.client is not None):
        raise SlotUnavailable
    try:
        with transaction.atomic():
            return _hold_slot(query, starts_at, request, now=now)
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", "") != UNIQUE_VIOLATION:
            raise
        # The same page has held another time in this moment.
        raise SlotUnavailable from error


def get_hold(hold_key: UUID) -> Appointment | None:
    """Return what a page has held or booked."""
    return Appointment.objects.select_related("service", "entry__calendar", "client").filter(hold_key=hold_key).first()


@transaction.atomic
def release_hold(*, hold_key: UUID) -> None:
    """Free the time that a page holds; one that was booked stays."""
    if hold := lock_first(Appointment.objects.filter(hold_key=hold_key, state=AppointmentState.HELD)):
        delete_hold(hold)


def create_hold(
    entry: CalendarEntry, query: SlotQuery, request: HoldRequest, *, expires_at: datetime, now: datetime
) -> Appointment:
    """Create the hold of a seat that was taken, until an instant."""
    service = query.service
    return Appointment.objects.create(
        entry=entry,
        service=service,
        client=request.client,
        source=request.source,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        hold_key=request.key,
        hold_expires_at=expires_at,
        time_zone=request.time_zone,
        language=request.language,
        network_digest=request.network_digest,
        price_amount=service.price_amount,
        price_currency=service.price_currency,
        location=service.location,
        created_at=now,
        updated_at=now,
    )


def _hold_slot(query: SlotQuery, starts_at: datetime, request: HoldRequest, *, now: datetime) -> Appointment:
    lock_client(request.client.pk if request.client else None)
    lock_network(request.network_digest)
    lock_candidates(query)
    request, same = _reuse_hold(query, starts_at, request)
    if same := same or _find_own_appointment(query, starts_at, request):
        return same
    check_hold_limit(request.network_digest, request.key, now=now)
    _free_first_holds(request)
    release_overdue_holds(query, starts_at, now=now)
    entry = take_offered_seat(query, starts_at, occupies_time=_occupies_time(request), now=now)
    return create_hold(entry, query, request, expires_at=now + HOLD_LIFETIME, now=now)


def _occupies_time(request: HoldRequest) -> bool:
    return not (request.client and request.client.is_demo)


def _reuse_hold(query: SlotQuery, starts_at: datetime, request: HoldRequest) -> tuple[HoldRequest, Appointment | None]:
    """Return what the page has of this time already, after freeing what it holds of another.

    A page that has booked something, or whose booking was cancelled since, goes on with a key made of its own.
    """
    hold = lock_first(Appointment.objects.filter(hold_key=request.key))
    if hold and hold.state != AppointmentState.HELD and not (hold.is_open and _is_same_time(hold, query, starts_at)):
        request = replace(request, key=uuid.uuid5(request.key, f"{query.service.pk} {starts_at.isoformat()}"))
        hold = lock_first(Appointment.objects.filter(hold_key=request.key))
        if hold and hold.state not in (AppointmentState.HELD, *OPEN_STATES):
            raise SlotUnavailable
    if hold and hold.state == AppointmentState.HELD and not _is_same_time(hold, query, starts_at):
        delete_hold(hold)
        hold = None
    return request, hold


def _is_same_time(hold: Appointment, query: SlotQuery, starts_at: datetime) -> bool:
    is_same_calendar = query.calendar_id in (None, hold.entry.calendar_id)
    return hold.service_id == query.service.pk and hold.starts_at == starts_at and is_same_calendar


def _find_own_appointment(query: SlotQuery, starts_at: datetime, request: HoldRequest) -> Appointment | None:
    """Return what a signed-in client has at this time with this service, be it held on another page or booked."""
    if request.client is None:
        return None
    own = Appointment.objects.select_related("service", "entry__calendar", "client").filter(client=request.client)
    same_time = own.filter(service=query.service, starts_at=starts_at)
    return same_time.filter(state__in=(AppointmentState.HELD, *OPEN_STATES)).first()


def _free_first_holds(request: HoldRequest) -> None:
    """Free what a client held first where they hold as many times as they may. What they are offered stays."""
    if request.client is None:
        return
    held = Appointment.objects.filter(client=request.client, state=AppointmentState.HELD, waiting_list_offer=None)
    for pk in list(held.order_by("-created_at", "-pk").values_list("pk", flat=True)[MAX_HOLDS_PER_CLIENT - 1 :]):
        if hold := lock_first(held.filter(pk=pk), skip_locked=True):
            delete_hold(hold)
