"""Wall-clock time of a zone as whole minutes, so that clock changes are plain arithmetic.

An instant is the number of minutes since 1970-01-01 00:00 UTC. A wall-clock time is the number of minutes since
1970-01-01 00:00 on the wall: the date's days times 1440, plus the minutes after midnight.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.scheduling.availability.rules import EPOCH, MINUTE, MINUTES_PER_DAY

EPOCH_ORDINAL = EPOCH.toordinal()


class OffsetPeriod(NamedTuple):
    """The instants from `starts` to before `ends`, in which a zone is `offset` minutes ahead of UTC.

    In its first `repeated` minutes, the wall clock shows times that it has shown before.
    """

    starts: int
    ends: int
    offset: int
    repeated: int


def floor_to_minute(at: datetime) -> int:
    """Return the minute in which an aware time lies."""
    since = at - EPOCH
    return since.days * MINUTES_PER_DAY + since.seconds // 60


def ceil_to_minute(at: datetime) -> int:
    """Return the first whole minute that is not before an aware time."""
    since = at - EPOCH
    return since.days * MINUTES_PER_DAY + (since.seconds + 59 + (since.microseconds > 0)) // 60


def get_instant(minute: int) -> datetime:
    """Return the UTC time of a minute."""
    return EPOCH + minute * MINUTE


def get_midnight(day: date) -> int:
    """Return the wall-clock time at which a date begins."""
    return (day.toordinal() - EPOCH_ORDINAL) * MINUTES_PER_DAY


def get_date(wall_minute: int) -> date:
    """Return the date of a wall-clock time."""
    return date.fromordinal(wall_minute // MINUTES_PER_DAY + EPOCH_ORDINAL)


@lru_cache(maxsize=256)
def list_offset_periods(time_zone: str, starts: int, ends: int) -> tuple[OffsetPeriod, ...]:
    """Return a zone's offsets between two instants, without a gap.

    It looks once a day: since 1975, no zone has changed its clocks twice within four days.
    """
    zone = ZoneInfo(time_zone)
    periods: list[OffsetPeriod] = []
    begun, offset, repeated = starts, _get_offset(zone, starts), 0
    for known in range(starts, ends, MINUTES_PER_DAY):
        later = min(known + MINUTES_PER_DAY, ends)
        if (changed := _get_offset(zone, later)) != offset:
            change = _find_change(zone, known, later)
            periods.append(OffsetPeriod(begun, change, offset, repeated))
            begun, offset, repeated = change, changed, max(offset - changed, 0)
    periods.append(OffsetPeriod(begun, ends, offset, repeated))
    return tuple(periods)


def find_first_instant(periods: Sequence[OffsetPeriod], wall_minute: int) -> int:
    """Return the first instant at which the wall clock shows a time or a later one.

    This one rule settles where hours begin and end when clocks change. A time that clocks skip is the moment of the
    change. A time that they show twice is the first of the two, for ends as well as for starts: hours until 02:00 are
    over when the wall first shows 02:00, not an hour later, when it has shown 02:59 in between.
    """
    for period in periods:
        if wall_minute < period.ends + period.offset:
            return max(wall_minute - period.offset, period.starts)
    return periods[-1].ends


def _get_offset(zone: ZoneInfo, minute: int) -> int:
    offset = get_instant(minute).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // MINUTE


def _find_change(zone: ZoneInfo, earlier: int, later: int) -> int:
    """Return the first minute after `earlier` with the offset that `later` has."""
    changed = _get_offset(zone, later)
    while later - earlier > 1:
        middle = (earlier + later) // 2
        if _get_offset(zone, middle) == changed:
            later = middle
        else:
            earlier = middle
    return later
