"""A calendar's opening hours as spans of instants, from weekly hours and exceptions in wall-clock time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from portal.scheduling.availability.rules import MAX_ENDS_MINUTE, CalendarRules, DateException
from portal.scheduling.availability.wall_clock import (
    OffsetPeriod,
    find_first_instant,
    get_instant,
    get_midnight,
    list_offset_periods,
)


class DayHours(NamedTuple):
    """Hours of one day as instants, and the wall-clock time from which its grid of start times counts."""

    starts: int
    ends: int
    wall_start: int


def build_opening_spans(rules: CalendarRules, from_date: date, until_date: date) -> list[tuple[datetime, datetime]]:
    """Return the open times, as half-open ranges in UTC, of the days from `from_date` to before `until_date`.

    Spans belong to the day they start: one over midnight is whole if its first day is asked for, else absent.
    Spans that touch or overlap are one. Edges in a clock change follow `find_first_instant`: a skipped time is the
    moment of the change, a repeated one is the first of the two. A span that is skipped as a whole is absent.
    """
    starts, ends = get_midnight(from_date), get_midnight(until_date)
    # No zone is more than a day from UTC.
    periods = list_offset_periods(rules.time_zone, starts - MAX_ENDS_MINUTE, ends + 2 * MAX_ENDS_MINUTE)
    spans = join_spans((hours.starts, hours.ends) for hours in iter_day_hours(rules, periods, from_date, until_date))
    return [(get_instant(start), get_instant(end)) for start, end in spans]


def iter_day_hours(
    rules: CalendarRules, periods: Sequence[OffsetPeriod], from_date: date, until_date: date
) -> Iterator[DayHours]:
    """Yield the hours of each day before `until_date`; those of one day are joined where they touch."""
    exceptions = _group_exceptions(rules.exceptions, from_date, until_date)
    weekly: list[list[tuple[int, int]]] = [[] for _weekday in range(7)]
    for hours in rules.weekly_hours:
        weekly[hours.weekday].append((hours.starts_minute, hours.ends_minute))
    usual = [join_spans(spans) for spans in weekly]
    for ordinal in range(from_date.toordinal(), until_date.toordinal()):
        day = date.fromordinal(ordinal)
        spans = usual[day.weekday()]
        if day in exceptions:
            spans = join_spans(_apply_exceptions(spans, exceptions[day]))
        midnight = get_midnight(day)
        for start, end in spans:
            opens, closes = (find_first_instant(periods, midnight + minute) for minute in (start, end))
            if opens < closes:
                yield DayHours(opens, closes, midnight + start)


def join_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the same minutes as ordered spans that neither overlap nor touch."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _group_exceptions(
    exceptions: Sequence[DateException], from_date: date, until_date: date
) -> dict[date, list[DateException]]:
    """Return the exceptions of each day, of the days asked for only: an exception may last for years."""
    grouped = defaultdict(list)
    for exception in exceptions:
        first = max(exception.starts_on, from_date)
        last = min(exception.ends_on, until_date)
        for days in range((last - first).days + 1):
            grouped[first + timedelta(days=days)].append(exception)
    return grouped


def _apply_exceptions(
    usual: Sequence[tuple[int, int]], exceptions: Sequence[DateException]
) -> Iterator[tuple[int, int]]:
    """Yield the hours of a day that has exceptions."""
    replacements = [exception.hours for exception in exceptions if not exception.is_addition]
    if not replacements:
        yield from usual
    elif all(replacements):
        for hours in replacements:
            yield from hours
    for exception in exceptions:
        if exception.is_addition:
            yield from exception.hours
