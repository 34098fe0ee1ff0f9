"""Hold a time for ten minutes while somebody fills in the booking form."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from portal.clients.models import Client
from portal.scheduling.models import Appointment, AppointmentSource, AppointmentState, CalendarEntry
from portal.scheduling.models.appointment import OPEN_STATES
from portal.scheduling.services.calendar_entries import release_seats
from portal.scheduling.services.seat_booking import lock_candidates, take_offered_seat
from portal.scheduling.services.slots import SlotQuery, SlotUnavailable

HOLD_LIFETIME = timedelta(minutes=10)


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
    """Hold a time that is offered now, or return what the same page or client has of it. Raises SlotUnavailable.

    One page holds one time: choosing another frees the first. What is returned may be held on another page of the same
    client, or booked by staff, so its key may be another or none.
    """
    try:
        with transaction.atomic():
            release_expired_holds(now=now)
            lock_candidates(query)
            if same := _reuse_hold(query, starts_at, request, now=now):
                return same
            entry = take_offered_seat(query, starts_at, occupies_time=_occupies_time(request), now=now)
            return _create_hold(entry, query, request, now=now)
    except IntegrityError as error:
        # The same page has held another time in this moment.
        raise SlotUnavailable from error


def get_hold(hold_key: UUID) -> Appointment | None:
    """Return what a page has held or booked."""
    return Appointment.objects.select_related("service", "entry__calendar", "client").filter(hold_key=hold_key).first()


@transaction.atomic
def release_hold(*, hold_key: UUID) -> None:
    """Free the time that a page holds; one that was booked stays."""
    held = Appointment.objects.select_for_update(of=["self"], no_key=True)
    if hold := held.filter(hold_key=hold_key, state=AppointmentState.HELD).first():
        _delete_hold(hold)


@transaction.atomic
def release_expired_holds(*, now: datetime) -> int:
    """Free the times whose holds have ended, and return how many there were. One that is being booked is left."""
    expired = Appointment.objects.select_for_update(of=["self"], no_key=True, skip_locked=True).filter(
        state=AppointmentState.HELD, hold_expires_at__lte=now
    )
    holds = list(expired.order_by("pk")[:500])
    for hold in holds:
        _delete_hold(hold)
    return len(holds)


def _occupies_time(request: HoldRequest) -> bool:
    return not (request.client and request.client.is_demo)


def _reuse_hold(query: SlotQuery, starts_at: datetime, request: HoldRequest, *, now: datetime) -> Appointment | None:
    """Return what the page or the client has of this time already, after freeing what the page holds of another."""
    hold = get_hold(request.key)
    if hold is None:
        return _find_own_appointment(query, starts_at, request)
    if hold.state != AppointmentState.HELD or _is_same_time(hold, query, starts_at):
        return hold
    _delete_hold(hold)
    return None


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


def _create_hold(entry: CalendarEntry, query: SlotQuery, request: HoldRequest, *, now: datetime) -> Appointment:
    service = query.service
    return Appointment.objects.create(
        entry=entry,
        service=service,
        client=request.client,
        source=request.source,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        hold_key=request.key,
        hold_expires_at=now + HOLD_LIFETIME,
        time_zone=request.time_zone,
        language=request.language,
        network_digest=request.network_digest,
        price_amount=service.price_amount,
        price_currency=service.price_currency,
        location=service.location,
        created_at=now,
        updated_at=now,
    )


def _delete_hold(hold: Appointment) -> None:
    hold.delete()
    release_seats(hold.entry_id)
    # Nothing else refers to an entry that only holds have used.
    CalendarEntry.objects.filter(pk=hold.entry_id, is_active=False, appointments=None).delete()
