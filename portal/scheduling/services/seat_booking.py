"""Take a seat at a time that clients are offered, under the same rules by which it is offered."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from portal.scheduling.availability import Schedule, Slot, choose_calendar
from portal.scheduling.models import CalendarEntry
from portal.scheduling.services.calendar_entries import (
    EntryTime,
    TimeTaken,
    lock_calendars,
    lock_resources,
    take_seat,
)
from portal.scheduling.services.slots import (
    Availability,
    SlotQuery,
    SlotUnavailable,
    build_booking_window,
    choose_resources,
    count_by_calendar,
    find_availability,
)


def build_exact_query(query: SlotQuery, starts_at: datetime) -> SlotQuery:
    """Return the query for one start only."""
    return replace(query, from_at=starts_at, until_at=starts_at + timedelta(minutes=1))


def lock_candidates(query: SlotQuery, *other_calendar_ids: UUID) -> None:
    """Let nobody else take time of the calendars, rooms and equipment that a booking may take.

    Whoever moves an appointment names its present calendar as well, so that all are locked in one order.
    """
    candidates = [query.calendar_id] if query.calendar_id else query.service.calendar_ids
    lock_calendars({*candidates, *other_calendar_ids})
    lock_resources([*query.service.room_ids, *query.service.equipment_ids])


def take_offered_seat(
    query: SlotQuery, starts_at: datetime, *, occupies_time: bool = True, now: datetime
) -> CalendarEntry:
    """Take a seat at a start that is offered now; the caller has locked the candidates. Raises SlotUnavailable."""
    entry_time = find_offered_time(query, starts_at, now=now)
    try:
        return take_seat(entry_time, occupies_time=occupies_time, now=now)
    except TimeTaken as error:
        raise SlotUnavailable from error


def find_offered_time(query: SlotQuery, starts_at: datetime, *, now: datetime) -> EntryTime:
    """Return the calendar, rooms and equipment of a start that is offered now. Raises SlotUnavailable."""
    window = build_booking_window(query.business, query.rules, now=now)
    if not window.opens_at <= starts_at < window.closes_at:
        raise SlotUnavailable
    availability = find_availability(build_exact_query(query, starts_at), now=now)
    slot = next((slot for slot in availability.slots if slot.starts_at == starts_at), None)
    if slot is None or availability.schedule is None:
        raise SlotUnavailable
    calendar_id = query.calendar_id or choose_calendar(slot, count_by_calendar(availability.schedule))
    return build_entry_time(query, slot, calendar_id, availability)


def build_entry_time(query: SlotQuery, slot: Slot, calendar_id: UUID, availability: Availability) -> EntryTime:
    """Return a slot's time in one calendar, with a room that is free. Raises SlotUnavailable where none is."""
    entry_time = EntryTime(query.service, calendar_id, slot.starts_at)
    if availability.schedule is None or availability.service_rules is None:
        raise SlotUnavailable
    if _has_begun_to_fill(availability.schedule, entry_time):
        return entry_time
    times = entry_time.build_fields()
    resources = choose_resources(
        availability.service_rules, availability.schedule, times["busy_from"], times["busy_until"]
    )
    return replace(entry_time, resource_ids=resources)


def _has_begun_to_fill(schedule: Schedule, entry_time: EntryTime) -> bool:
    """Tell whether a group has its room and equipment for this time already."""
    wanted = (entry_time.service.pk, entry_time.calendar_id, entry_time.starts_at)
    return any((session.service_id, session.calendar_id, session.starts_at) == wanted for session in schedule.sessions)
