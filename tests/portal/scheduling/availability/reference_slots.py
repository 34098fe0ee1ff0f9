"""The same slots, found minute by minute and without any of the code under test: slow, and plain to read.

A minute is open if the latest time that the wall has shown by then lies in the hours. That covers clocks that go
forward (the wall jumps past an edge) and back (an edge counts when it is first shown).
"""

from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Wall:
    """What the wall of a zone shows in each minute from some days before a range to some days after it."""

    def __init__(self, time_zone: str, from_at: datetime, until_at: datetime) -> None:
        self.first = (from_at - 3 * DAY).replace(second=0, microsecond=0)
        minutes = (until_at + DAY - self.first) // MINUTE
        shown = [(self.first + minute * MINUTE).astimezone(ZoneInfo(time_zone)) for minute in range(minutes)]
        self.clock = [one.replace(tzinfo=None, fold=0) for one in shown]
        self.repeated = [one.fold == 1 for one in shown]
        self.latest: list[datetime] = []
        for one in self.clock:
            self.latest.append(max(one, self.latest[-1]) if self.latest else one)

    def find(self, clock: datetime) -> int:
        """Return the first minute at which the wall shows a time or a later one."""
        return bisect_left(self.latest, clock)


# The calendars of one example have the same zone.
build_wall = lru_cache(maxsize=1)(Wall)


def list_reference_starts(service, rules, schedule, window, from_at, until_at) -> list[datetime]:
    """Return the starts of a service in one calendar."""
    wall = build_wall(rules.time_zone, from_at, until_at)
    hours = list_hours(rules, wall)
    opened = {minute for start, end, _clock in hours for minute in range(start, end)}
    taken = find_taken(wall, schedule.busy_by_calendar.get(rules.calendar_id, ()))
    by_resource = {one: find_taken(wall, ranges) for one, ranges in schedule.busy_by_resource.items()}
    starts = []
    for minute in range(len(wall.clock)):
        at = wall.first + minute * MINUTE
        used = range(minute - service.buffer_before, minute + service.duration + service.buffer_after)
        if (
            max(from_at, window.opens_at) <= at < min(until_at, window.closes_at)
            and not wall.repeated[minute]
            and is_on_grid(service, wall, hours, minute)
            and has_place_that_day(rules, schedule, wall.clock[minute].date())
            and opened.issuperset(range(minute, minute + service.duration))
            and taken.isdisjoint(used)
            and all(by_resource.get(one, set()).isdisjoint(used) for one in service.equipment_ids)
            and has_room(service, by_resource, used)
        ):
            starts.append(at)
    return starts


def list_hours(rules, wall: Wall) -> list[tuple[int, int, datetime]]:
    """Return the (first minute, end, start on the wall) of each day's hours that take any time."""
    found = []
    days = (wall.clock[-1].date() - wall.clock[0].date()).days
    for number in range(days + 1):
        day = wall.clock[0].date() + number * DAY
        midnight = datetime.combine(day, time())
        minutes = sorted({minute for start, end in list_day_spans(rules, day) for minute in range(start, end)})
        beginnings = [one for one in minutes if one - 1 not in minutes]
        ends = [one + 1 for one in minutes if one + 1 not in minutes]
        for start, end in zip(beginnings, ends, strict=True):
            clock = midnight + start * MINUTE
            found.append((wall.find(clock), wall.find(midnight + end * MINUTE), clock))
    return [(start, end, clock) for start, end, clock in found if start < end]


def list_day_spans(rules, day: date) -> list[tuple[int, int]]:
    """Return the spans that belong to a day, as they are stated."""
    covering = [one for one in rules.exceptions if one.starts_on <= day <= one.ends_on]
    replacing = [one for one in covering if not one.is_addition]
    spans = [(one.starts_minute, one.ends_minute) for one in rules.weekly_hours if one.weekday == day.weekday()]
    if replacing:
        spans = [span for one in replacing for span in one.hours]
    if any(one.hours == () for one in replacing):
        spans = []
    return spans + [span for one in covering if one.is_addition for span in one.hours]


def find_taken(wall: Wall, ranges) -> set[int]:
    """Return the minutes of which any part is busy."""
    taken = set()
    for one in ranges:
        for minute in range((one.starts_at - wall.first) // MINUTE, (one.ends_at - wall.first) // MINUTE + 1):
            begins = wall.first + minute * MINUTE
            if one.starts_at < begins + MINUTE and begins < one.ends_at:
                taken.add(minute)
    return taken


def is_on_grid(service, wall: Wall, hours, minute: int) -> bool:
    """Tell whether a minute is some intervals after the hours that began last before it."""
    begun = [(start, clock) for start, _end, clock in hours if start <= minute]
    if not begun:
        return False
    passed = wall.clock[minute] - max(begun)[1]
    return passed % (service.start_interval * MINUTE) == timedelta(0)


def has_place_that_day(rules, schedule, day: date) -> bool:
    """Tell whether a day's limit is not reached."""
    count = schedule.appointments_by_day.get((rules.calendar_id, day), 0)
    return rules.daily_limit is None or count < rules.daily_limit


def has_room(service, by_resource, used) -> bool:
    """Tell whether one room is free all the time, or none is needed."""
    free = [one for one in service.room_ids if by_resource.get(one, set()).isdisjoint(used)]
    return bool(free) or not service.room_ids
