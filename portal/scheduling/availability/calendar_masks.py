"""One calendar's opening hours, free minutes and start times as masks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from portal.scheduling.availability.minute_masks import RunFinder, build_grid_mask, build_mask
from portal.scheduling.availability.opening_hours import DayHours, iter_day_hours
from portal.scheduling.availability.rules import MINUTES_PER_DAY, BusyRange, CalendarRules
from portal.scheduling.availability.wall_clock import (
    OffsetPeriod,
    find_first_instant,
    get_date,
    get_midnight,
    list_offset_periods,
)

# Hours that overlap a range begin at most two days before it.
DAYS_BEFORE = timedelta(days=2)


class MinuteRange(NamedTuple):
    """The instants that masks cover: minute 0 of a mask is `starts`, its length is `ends` less `starts`."""

    starts: int
    ends: int

    @property
    def length(self) -> int:
        """Return the number of bits of a mask."""
        return self.ends - self.starts


class CalendarMasks:
    """What one calendar allows in a range of instants."""

    def __init__(
        self,
        rules: CalendarRules,
        busy: Sequence[BusyRange],
        appointments_by_day: Mapping[tuple[UUID, date], int],
        covered: MinuteRange,
    ) -> None:
        self._covered = covered
        self._periods = list_offset_periods(
            rules.time_zone, covered.starts - 4 * MINUTES_PER_DAY, covered.ends + 4 * MINUTES_PER_DAY
        )
        first, last = (find_date(self._periods, minute) for minute in covered)
        self._hours = sorted(
            iter_day_hours(rules, self._periods, first - DAYS_BEFORE, last + timedelta(days=1)),
            key=attrgetter("starts", "wall_start"),
        )
        self.opening = RunFinder(self._build_mask((hours.starts, hours.ends) for hours in self._hours))
        self.free = build_free_minutes(busy, covered)
        self._full_days = self._build_mask(self._iter_full_days(rules, appointments_by_day, first, last))
        self._grids = list(self._iter_grids())
        self._start_masks: dict[int, int] = {}

    def get_start_mask(self, interval: int) -> int:
        """Return the minutes at which an appointment may start, on days whose limit is not reached.

        Start times count from the wall-clock time at which hours begin, so that they read alike on every day of the
        year, also after a clock change within the hours. Hours that one day has in a row count as one. Those of the
        next day start their own count even where they join on: else a calendar that never closes had no first one.
        Times that the wall clock shows for the second time are no start times: each is offered once.
        """
        if interval not in self._start_masks:
            origin = self._covered.starts
            grids = ((start - origin, end - origin, first - origin) for start, end, first in self._grids)
            starts = build_grid_mask(grids, interval, self._covered.length)
            self._start_masks[interval] = starts & ~self._full_days
        return self._start_masks[interval]

    def _build_mask(self, spans: Iterable[tuple[int, int]]) -> int:
        return build_mask(spans, self._covered.starts, self._covered.length)

    def _iter_full_days(
        self, rules: CalendarRules, appointments_by_day: Mapping[tuple[UUID, date], int], first: date, last: date
    ) -> Iterator[tuple[int, int]]:
        """Yield the local days whose limit is reached."""
        if rules.daily_limit is None:
            return
        for days in range((last - first).days + 1):
            day = first + timedelta(days=days)
            if appointments_by_day.get((rules.calendar_id, day), 0) >= rules.daily_limit:
                midnight = get_midnight(day)
                yield (
                    find_first_instant(self._periods, midnight),
                    find_first_instant(self._periods, midnight + MINUTES_PER_DAY),
                )

    def _iter_grids(self) -> Iterator[tuple[int, int, int]]:
        """Yield ranges, open or not, with the instant (of any time) from which their start times count."""
        closing = DayHours(self._covered.ends, self._covered.ends, 0)
        for hours, following in pairwise([*self._hours, closing]):
            for period in self._periods:
                start = max(hours.starts, period.starts + period.repeated)
                end = min(following.starts, period.ends)
                if start < end:
                    yield start, end, hours.wall_start - period.offset


def build_free_minutes(busy: Sequence[BusyRange], covered: MinuteRange) -> RunFinder:
    """Return the minutes of a range in which nothing is busy."""
    return RunFinder((1 << covered.length) - 1 & ~build_mask(busy, covered.starts, covered.length))


def find_date(periods: Sequence[OffsetPeriod], minute: int) -> date:
    """Return the date on the wall at an instant."""
    offset = next(period.offset for period in reversed(periods) if period.starts <= minute)
    return get_date(minute + offset)
