"""The times of a series, and which of them can be booked, judged by the function that judges single bookings."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.scheduling.availability import AvailabilityCalculator, BookingWindow, BusyRange, Schedule, Slot
from portal.scheduling.models import Appointment
from portal.scheduling.models.appointment import SEATED_STATES
from portal.scheduling.recurrence import RepeatRule, list_occurrences
from portal.scheduling.services.calendar_entries import EntryTime
from portal.scheduling.services.schedules import build_service_rules, load_schedule
from portal.scheduling.services.seat_booking import build_entry_time
from portal.scheduling.services.slots import Availability, SlotQuery, SlotUnavailable, build_booking_window
from portal.scheduling.services.taken_times import ReadRange

MINUTE = timedelta(minutes=1)


class OccurrenceProblem(models.TextChoices):
    """Why one time of a series can't be booked."""

    CALENDAR_TAKEN = "calendar-taken", _("There is another appointment at this time.")
    RESOURCE_TAKEN = "resource-taken", _("A room or equipment that is needed is taken.")
    HAS_SEAT = "has-seat", _("The client has a seat at this time already.")
    NOT_OFFERED = "not-offered", _("This time is outside the hours or the rules of booking.")


@dataclass(frozen=True)
class SeriesPlan:
    """What is to be booked: a service from a wall-clock time on, by a rule.

    `first_local` has no zone of its own and is meant by the clocks of `time_zone`. The query names the calendar, or
    none for that which is free most often. `skipped` are the starts that somebody has agreed to leave out.
    """

    query: SlotQuery
    first_local: datetime
    time_zone: str
    rule: RepeatRule
    skipped: frozenset[datetime] = frozenset()


@dataclass(frozen=True)
class Occurrence:
    """One time of a series: its number from 0, and the time to take, or the problem that keeps it from being booked.

    `is_shifted` tells that clocks skip the wall-clock time on that day, so that it is moved by as much as they are.
    """

    position: int
    starts_at: datetime
    is_shifted: bool = False
    entry_time: EntryTime | None = None
    problem: OccurrenceProblem | None = None


def list_planned_occurrences(plan: SeriesPlan, *, client_id: UUID, now: datetime) -> list[Occurrence]:
    """Return all times of a plan. Raises InvalidRepeatRule and TooManyOccurrences."""
    starts = list_occurrences(plan.first_local, plan.time_zone, plan.rule)
    judged = judge_starts(plan.query, starts, client_id=client_id, now=now)
    zone, wall = ZoneInfo(plan.time_zone), plan.first_local.time()
    return [replace(one, is_shifted=one.starts_at.astimezone(zone).time() != wall) for one in judged]


def judge_starts(
    query: SlotQuery, starts: Sequence[datetime], *, client_id: UUID | None, now: datetime, ignored_ids: Iterable = ()
) -> list[Occurrence]:
    """Return whether each of these starts can be booked, from one reading of what is taken.

    They are days apart, so that none of them takes time of another. `ignored_ids` are appointments of the client whose
    own seats don't count.
    """
    service_rules = build_service_rules(query.service, query.rules)
    schedule = load_schedule([service_rules], ReadRange(min(starts), max(starts) + MINUTE))
    window = build_booking_window(query.business, query.rules, now=now)
    slots = [_find_slot(query, schedule, window, start) for start in starts]
    calendar_id = query.calendar_id or _choose_calendar(query, [slot for slot in slots if slot])
    seated = _find_seated_starts(query, starts, client_id, ignored_ids)
    availability = Availability(service_rules=service_rules, schedule=schedule)
    exact = replace(query, calendar_id=calendar_id)
    return [
        _judge(exact, position, start, slot, availability, has_seat=start in seated)
        for position, (start, slot) in enumerate(zip(starts, slots, strict=True))
    ]


def _find_slot(query: SlotQuery, schedule: Schedule, window: BookingWindow, start: datetime) -> Slot | None:
    if not (query.rules.is_on and window.opens_at <= start < window.closes_at):
        return None
    service_rules = build_service_rules(query.service, query.rules)
    calculator = AvailabilityCalculator(schedule, start, start + MINUTE)
    slots = calculator.find_slots(service_rules, window, query.calendar_id)
    return next((slot for slot in slots if slot.starts_at == start), None)


def _choose_calendar(query: SlotQuery, slots: Sequence[Slot]) -> UUID | None:
    """Return the calendar that is free at most of these times; without any, the first that gives the service."""
    counts = Counter(pk for slot in slots for pk in slot.calendar_ids)
    return max(sorted(query.service.calendar_ids), key=lambda pk: counts[pk], default=None)


def _judge(
    query: SlotQuery, position: int, start: datetime, slot: Slot | None, availability: Availability, *, has_seat: bool
) -> Occurrence:
    if has_seat:
        return Occurrence(position, start, problem=OccurrenceProblem.HAS_SEAT)
    if slot and query.calendar_id in slot.calendar_ids:
        try:
            entry_time = build_entry_time(query, slot, query.calendar_id, availability)
        except SlotUnavailable:
            return Occurrence(position, start, problem=OccurrenceProblem.RESOURCE_TAKEN)
        return Occurrence(position, start, entry_time=entry_time)
    return Occurrence(position, start, problem=_find_problem(query, start, availability.schedule))


def _find_problem(query: SlotQuery, start: datetime, schedule: Schedule | None) -> OccurrenceProblem:
    """Return what keeps a time that isn't offered from being booked."""
    if schedule is None or query.calendar_id is None:
        return OccurrenceProblem.NOT_OFFERED
    times = EntryTime(query.service, query.calendar_id, start).build_fields()
    wanted = BusyRange.between(times["busy_from"], times["busy_until"])
    if _overlaps(wanted, schedule.busy_by_calendar.get(query.calendar_id, ())):
        return OccurrenceProblem.CALENDAR_TAKEN
    taken = {pk for pk, busy in schedule.busy_by_resource.items() if _overlaps(wanted, busy)}
    rooms = query.service.room_ids
    if taken.intersection(query.service.equipment_ids) or (rooms and taken.issuperset(rooms)):
        return OccurrenceProblem.RESOURCE_TAKEN
    return OccurrenceProblem.NOT_OFFERED


def _overlaps(wanted: BusyRange, busy: Iterable[BusyRange]) -> bool:
    return any(one.starts < wanted.ends and wanted.starts < one.ends for one in busy)


def _find_seated_starts(
    query: SlotQuery, starts: Sequence[datetime], client_id: UUID | None, ignored_ids: Iterable
) -> set[datetime]:
    """Return the starts at which a client has a seat of a group already."""
    if not query.service.is_group or client_id is None:
        return set()
    seats = Appointment.objects.filter(client=client_id, service=query.service, state__in=SEATED_STATES)
    return set(seats.filter(starts_at__in=starts).exclude(pk__in=ignored_ids).values_list("starts_at", flat=True))
