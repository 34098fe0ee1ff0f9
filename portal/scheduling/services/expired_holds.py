"""Free the times whose holds have ended."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from portal.scheduling.models import Appointment, AppointmentQuerySet, AppointmentState, CalendarEntry
from portal.scheduling.services.appointment_locks import lock_first
from portal.scheduling.services.calendar_entries import release_seats
from portal.scheduling.services.slots import BOOKABLE_YEARS, SlotQuery

log = structlog.get_logger(__name__)

# A visitor frees no more than this many of others' holds; the periodic job frees the rest.
MAX_RELEASED = 20


def release_expired_holds(*, now: datetime) -> int:
    """Free all times whose holds have ended, and return how many there were. One that is being booked is left."""
    ids = list(_query_expired(now).order_by("hold_expires_at").values_list("pk", flat=True)[:500])
    return sum(_release(pk, now=now) for pk in ids)


def release_overdue_holds(query: SlotQuery, starts_at: datetime, *, now: datetime) -> None:
    """Free what has been held too long of a time in the calendars, rooms and equipment that the caller has locked."""
    if starts_at.year not in BOOKABLE_YEARS:
        return
    calendar_ids = [query.calendar_id] if query.calendar_id else query.service.calendar_ids
    needed = [*query.service.room_ids, *query.service.equipment_ids]
    is_in_the_way = Q(calendar__in=calendar_ids)
    if needed:
        is_in_the_way |= Q(reservations__resource__in=needed)
    overlapping = CalendarEntry.objects.filter(
        is_in_the_way,
        busy_from__lt=starts_at + timedelta(minutes=query.service.duration + query.service.buffer_after),
        busy_until__gt=starts_at - timedelta(minutes=query.service.buffer_before),
    )
    release_overdue_holds_of(overlapping, now=now)


def release_overdue_holds_of(entries: QuerySet[CalendarEntry], *, now: datetime) -> None:
    """Free what has been held too long of these entries, whose calendars the caller has locked."""
    expired = _query_expired(now).filter(entry__in=entries.values("pk")).order_by("entry_id", "pk")
    for pk in list(expired.values_list("pk", flat=True)[:MAX_RELEASED]):
        if hold := lock_first(_query_expired(now).filter(pk=pk), skip_locked=True):
            delete_hold(hold)


def delete_hold(hold: Appointment) -> None:
    """Delete a hold that the caller has locked, and free its time."""
    hold.delete()
    release_seats(hold.entry_id)
    # Nothing else refers to an entry that only holds have used.
    CalendarEntry.objects.filter(pk=hold.entry_id, is_active=False, appointments=None).delete()


def _query_expired(now: datetime) -> AppointmentQuerySet:
    return Appointment.objects.filter(state=AppointmentState.HELD, hold_expires_at__lte=now)


def _release(hold_id: UUID, *, now: datetime) -> int:
    """Free one time. A row that the database refuses to change keeps no other one from being freed."""
    try:
        with transaction.atomic():
            hold = lock_first(_query_expired(now).filter(pk=hold_id), skip_locked=True)
            if hold is None:
                return 0
            delete_hold(hold)
    except IntegrityError:
        log.exception("scheduling.hold_not_released", appointment_id=str(hold_id))
        return 0
    return 1
