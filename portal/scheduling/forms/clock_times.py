"""Times of day as people type and read them; inside, they are minutes after midnight."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tenants.text_cleaning import clean_line, to_ascii_digits, to_ascii_hyphens

MINUTES_PER_DAY = 1440
# Hours over midnight that are longer are mostly two times in the wrong order.
MAX_NIGHT_MINUTES = 14 * 60
CLOCK_TIME = re.compile(r"(\d{1,2})(?:[:.h]?([0-5]\d)|h)?\s*([ap])?\.?m?\.?")


class InvalidHours(ValueError):
    """Hours that can't be: its text says to people why."""


@dataclass(frozen=True)
class HoursSpan:
    """Hours of one day in minutes after its midnight; an end past 1440 lies on the next day."""

    starts_minute: int
    ends_minute: int

    def __str__(self) -> str:
        return f"{format_clock_time(self.starts_minute)}–{format_clock_time(self.ends_minute)}"

    @property
    def is_over_midnight(self) -> bool:
        """Tell whether it ends on the next day."""
        return self.ends_minute > MINUTES_PER_DAY

    def overlaps(self, other: "HoursSpan", *, days_later: int = 0) -> bool:
        """Tell whether another span, of a day so much later, takes some of the same time."""
        shift = days_later * MINUTES_PER_DAY
        return self.starts_minute < other.ends_minute + shift and other.starts_minute + shift < self.ends_minute


def parse_clock_time(text: str) -> int:
    """Return the minutes after midnight of a time such as 9, 9:30, 17.00, 5 pm or 24:00. Raises InvalidHours."""
    typed = to_ascii_hyphens(to_ascii_digits(clean_line(text))).casefold()
    found = CLOCK_TIME.fullmatch(typed)
    minutes = _count_minutes(int(found[1]), int(found[2] or 0), found[3]) if found else None
    if minutes is None:
        raise InvalidHours(_("There is no time “%(typed)s”. Enter a time such as 09:30.") % {"typed": text[:20]})
    return minutes


def format_clock_time(minute: int) -> str:
    """Return minutes after midnight as a time; midnight at a day's end is 24:00."""
    if minute > MINUTES_PER_DAY:
        minute -= MINUTES_PER_DAY
    return f"{minute // 60:02}:{minute % 60:02}"


def parse_hours(starts: str, ends: str) -> HoursSpan:
    """Return the span between two times; an end before the start is on the next day. Raises InvalidHours."""
    if not clean_line(starts) or not clean_line(ends):
        raise InvalidHours(_("Enter both a start and an end."))
    first, last = parse_clock_time(starts), parse_clock_time(ends)
    if first in (last, MINUTES_PER_DAY):
        raise InvalidHours(_("The end must be after the start. For the whole day, enter 00:00 and 24:00."))
    if last < first:
        last += MINUTES_PER_DAY
        if last - first > MAX_NIGHT_MINUTES:
            raise InvalidHours(_("The end is before the start. Hours over midnight can last up to 14 hours."))
    return HoursSpan(first, last)


def describe_span(span: HoursSpan) -> str:
    """Return the times of a span, and that it ends on the next day if it does."""
    return _("%(hours)s (next day)") % {"hours": span} if span.is_over_midnight else str(span)


def describe_spans(spans: Sequence[HoursSpan]) -> str:
    """Return the times of several spans of a day, or that it is closed."""
    return ", ".join(describe_span(span) for span in spans) or _("Closed")


def _count_minutes(hour: int, minute: int, half: str | None) -> int | None:
    """Return the minutes after midnight, or None for a time that no clock shows."""
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    minutes = hour * 60 + minute
    return minutes if minutes <= MINUTES_PER_DAY else None
