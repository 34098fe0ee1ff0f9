"""Appointments that repeat every so many weeks, at the same wall-clock time on both sides of every clock change."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MAX_OCCURRENCES = 104
# The most whole weeks that fit into any two years.
MAX_WEEKS = 104


class InvalidRepeatRule(ValueError):
    """A rule has no occurrence."""


class TooManyOccurrences(InvalidRepeatRule):
    """A rule has no end, or goes on for more than MAX_OCCURRENCES occurrences or for more than two years."""


@dataclass(frozen=True)
class RepeatRule:
    """A repetition on the weekday of the first occurrence, every `interval_weeks` weeks.

    It ends after `count` occurrences, the first one included, or with the date `until_on`, whichever is earlier.
    """

    interval_weeks: int = 1
    count: int | None = None
    until_on: date | None = None


def list_occurrences(first_local: datetime, time_zone: str, rule: RepeatRule) -> list[datetime]:
    """Return the instants of all occurrences, in UTC, the first one included.

    `first_local` is a wall-clock time without a zone. As in iCalendar, a time that clocks skip on a day is moved by as
    much as they are moved, and of a time that they show twice the first is meant. Raises InvalidRepeatRule,
    TooManyOccurrences.
    """
    if first_local.tzinfo:
        raise ValueError("The first occurrence is a wall-clock time, which has no zone of its own.")
    numbers, zone = range(count_occurrences(first_local.date(), rule)), ZoneInfo(time_zone)
    walls = (first_local + timedelta(weeks=number * rule.interval_weeks) for number in numbers)
    return [wall.replace(tzinfo=zone, fold=0).astimezone(UTC) for wall in walls]


def count_occurrences(first_on: date, rule: RepeatRule) -> int:
    """Return how many occurrences a rule has from a date on. Raises InvalidRepeatRule, TooManyOccurrences."""
    if rule.interval_weeks < 1:
        raise InvalidRepeatRule("Appointments repeat after one week or more.")
    limits = [] if rule.count is None else [rule.count]
    if rule.until_on:
        limits.append((rule.until_on - first_on).days // (7 * rule.interval_weeks) + 1)
    if not limits or min(limits) > MAX_OCCURRENCES or (min(limits) - 1) * rule.interval_weeks > MAX_WEEKS:
        raise TooManyOccurrences(f"At most {MAX_OCCURRENCES} appointments within two years can be made at once.")
    if min(limits) < 1:
        raise InvalidRepeatRule("The appointments end before the first one.")
    return min(limits)


def build_rrule(first_on: date, rule: RepeatRule) -> str:
    """Return the value of iCalendar's RRULE for an event whose DTSTART is the first wall-clock time with its zone.

    Its end is a number, never a date: UNTIL has to be an instant in UTC, which programs read in several ways. Raises
    InvalidRepeatRule, TooManyOccurrences.
    """
    return f"FREQ=WEEKLY;INTERVAL={rule.interval_weeks};COUNT={count_occurrences(first_on, rule)}"
