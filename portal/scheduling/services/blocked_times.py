"""Block a time of a calendar, so that nobody can book it, move it, and free it again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from portal.activity import services as activity
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import CalendarEntry, StaffCalendar
from portal.scheduling.services.answers import AppointmentChanged
from portal.scheduling.services.calendar_entries import TimeTaken, lock_calendars, raise_time_taken
from portal.scheduling.services.expired_holds import release_overdue_holds_of
from portal.scheduling.services.waiting_list.freed_times import offer_freed_time
from tenants.staff.staff_actor import StaffActor


@dataclass(frozen=True)
class BlockedPeriod:
    """When a time is blocked, and in whose calendar."""

    calendar_id: UUID
    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def block_time(
    *, calendar: StaffCalendar, title: str, starts_at: datetime, ends_at: datetime, staff: StaffActor, now: datetime
) -> CalendarEntry:
    """Keep a time of a calendar from being booked. Raises TimeTaken, and ValueError if it ends before it starts."""
    if ends_at <= starts_at:
        raise ValueError("the end is not after the start")
    lock_calendars([calendar.pk])
    entry = CalendarEntry(calendar=calendar, title=title, capacity=0, created_at=now)
    _take_time(entry, BlockedPeriod(calendar.pk, starts_at, ends_at), now=now)
    _record(SchedulingEvent.TIME_BLOCKED, entry, staff=staff, now=now)
    return entry


@transaction.atomic
def move_blocked_time(
    period: BlockedPeriod, *, entry_id: UUID, seen: BlockedPeriod, staff: StaffActor, now: datetime
) -> CalendarEntry:
    """Block another time instead. Raises TimeTaken, and AppointmentChanged where it is no longer what was seen.

    Raises ValueError if it ends before it starts.
    """
    if period.ends_at <= period.starts_at:
        raise ValueError("the end is not after the start")
    lock_calendars({period.calendar_id, seen.calendar_id})
    rows = CalendarEntry.objects.select_for_update(of=["self"], no_key=True)
    entry = rows.filter(pk=entry_id, service=None).first()
    if entry is None or BlockedPeriod(entry.calendar_id, entry.starts_at, entry.ends_at) != seen:
        raise AppointmentChanged
    if period != seen:
        _take_time(entry, period, now=now)
        _record(SchedulingEvent.BLOCKED_TIME_MOVED, entry, staff=staff, now=now)
    return entry


@transaction.atomic
def unblock_time(*, entry_id: UUID, staff: StaffActor, now: datetime) -> bool:
    """Free a blocked time; False where somebody else has, or where it is no blocked time."""
    rows = CalendarEntry.objects.select_for_update(of=["self"], no_key=True).select_related("calendar")
    entry = rows.filter(pk=entry_id, service=None).first()
    if entry is None:
        return False
    _record(SchedulingEvent.TIME_UNBLOCKED, entry, staff=staff, now=now)
    offer_freed_time(entry_id=entry.pk)
    entry.delete()
    return True


def _take_time(entry: CalendarEntry, period: BlockedPeriod, *, now: datetime) -> None:
    """Save an entry that blocks a time, unless something else takes a part of it; the calendar is locked."""
    others = CalendarEntry.objects.filter(calendar=period.calendar_id, is_active=True).exclude(pk=entry.pk)
    overlapping = others.filter(busy_from__lt=period.ends_at, busy_until__gt=period.starts_at)
    release_overdue_holds_of(overlapping, now=now)
    # The constraint leaves out what staff have overbooked.
    if overlapping.exists():
        raise TimeTaken
    entry.calendar_id, entry.starts_at, entry.ends_at = period.calendar_id, period.starts_at, period.ends_at
    entry.busy_from, entry.busy_until = period.starts_at, period.ends_at
    with raise_time_taken():
        entry.save()


def _record(event_type: SchedulingEvent, entry: CalendarEntry, *, staff: StaffActor, now: datetime) -> None:
    """Add an entry to the timeline: whose calendar it is, what for and when."""
    activity.record_event(
        event_type,
        subject_id=entry.pk,
        at=now,
        name=entry.calendar.name,
        title=entry.title,
        starts_at=entry.starts_at.isoformat(),
        ends_at=entry.ends_at.isoformat(),
        **activity.get_actor_fields(staff),
    )
