"""The editor of weekly hours: a few pairs of times for each day of the week."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from portal.scheduling.forms.clock_times import HoursSpan, InvalidHours, format_clock_time, parse_hours
from portal.scheduling.forms.edit_form import EditForm
from portal.ui.form_fields import SingleLineField

MAX_SPANS = 6
DAYS_OF_WEEK = range(7)
# To these days the hours of Monday are copied.
OTHER_WORKDAYS = range(1, 5)

Hours = Sequence[tuple[int, int, int]]


@dataclass(frozen=True)
class DayRows:
    """One day of the editor: its name and its pairs of inputs."""

    weekday: int
    label: str
    pairs: list[tuple[forms.BoundField, forms.BoundField]]

    @property
    def errors(self) -> list[str]:
        """Return what is wrong with the day."""
        return [error for starts, ends in self.pairs for error in (*starts.errors, *ends.errors)]


class WeeklyHoursForm(EditForm):
    """Hours of the week as they are typed. A day without any is closed; a pair left empty counts for nothing."""

    def __init__(self, data: Any = None, *, hours: Hours, is_new: bool = False, spare_pairs: int = 1):
        current = None if is_new else {"hours": [list(row) for row in hours]}
        super().__init__(data, current=current)
        self.pairs_by_day = {day: self._count_pairs(day, hours, spare_pairs) for day in DAYS_OF_WEEK}
        self.spans_by_day: dict[int, list[HoursSpan]] = {day: [] for day in DAYS_OF_WEEK}
        for day, count in self.pairs_by_day.items():
            spans = [HoursSpan(starts, ends) for weekday, starts, ends in hours if weekday == day]
            for position in range(count):
                self._add_pair(day, position, spans[position] if position < len(spans) else None)

    @property
    def days(self) -> list[DayRows]:
        """Return the days of the week with their inputs."""
        return [
            DayRows(
                day,
                str(WEEKDAYS[day]),
                [(self[name_input(day, at, "from")], self[name_input(day, at, "until")]) for at in range(count)],
            )
            for day, count in self.pairs_by_day.items()
        ]

    @property
    def hours(self) -> list[tuple[int, int, int]]:
        """Return weekday, start and end of each span; the form must be valid."""
        return [
            (day, span.starts_minute, span.ends_minute)
            for day, spans in self.spans_by_day.items()
            for span in sorted(spans, key=lambda span: span.starts_minute)
        ]

    def clean(self) -> None:
        """Read the pairs of times, and refuse those that overlap, also over midnight into the next day."""
        for day, count in self.pairs_by_day.items():
            for position in range(count):
                self._read_pair(day, position)
        for day, spans in self.spans_by_day.items():
            self._check_overlaps(day, spans)

    def _count_pairs(self, day: int, hours: Hours, spare_pairs: int) -> int:
        if self.is_bound:
            return max((at + 1 for at in range(MAX_SPANS) if name_input(day, at, "from") in self.data), default=1)
        own = sum(weekday == day for weekday, _starts, _ends in hours)
        return min(max(own + spare_pairs, 1), max(MAX_SPANS, own))

    def _add_pair(self, day: int, position: int, span: HoursSpan | None) -> None:
        words = {"day": WEEKDAYS[day], "number": position + 1}
        labels = {
            "from": _("%(day)s, from, span %(number)d") % words,
            "until": _("%(day)s, until, span %(number)d") % words,
        }
        shown = {"from": span.starts_minute, "until": span.ends_minute} if span else {}
        for side, label in labels.items():
            name = name_input(day, position, side)
            self.fields[name] = SingleLineField(label=label, max_length=12, required=False)
            if side in shown:
                self.initial[name] = format_clock_time(shown[side])

    def _read_pair(self, day: int, position: int) -> None:
        names = [name_input(day, position, side) for side in ("from", "until")]
        starts, ends = (self.cleaned_data.get(name, "") for name in names)
        if not starts and not ends:
            return
        try:
            self.spans_by_day[day].append(parse_hours(starts, ends))
        except InvalidHours as error:
            self.add_error(names[0], str(error))

    def _check_overlaps(self, day: int, spans: list[HoursSpan]) -> None:
        first_input = name_input(day, 0, "from")
        in_order = sorted(spans, key=lambda span: span.starts_minute)
        for span, later in pairwise(in_order):
            if span.overlaps(later):
                pair = {"one": span, "other": later}
                self.add_error(first_input, _("%(one)s and %(other)s overlap.") % pair)
        next_day = (day + 1) % len(DAYS_OF_WEEK)
        for span in spans:
            if any(span.overlaps(other, days_later=1) for other in self.spans_by_day[next_day]):
                words = {"hours": str(span), "day": WEEKDAYS[next_day]}
                self.add_error(first_input, _("%(hours)s overlaps with the hours of %(day)s.") % words)


def name_input(day: int, position: int, side: str) -> str:
    """Return the name of one input of the editor."""
    return f"day{day}-{position}-{side}"


def copy_monday_to_workdays(data: Any) -> Any:
    """Return what was posted with Monday's times from Tuesday to Friday as well."""
    copied = data.copy()
    for day in OTHER_WORKDAYS:
        for position in range(MAX_SPANS):
            for side in ("from", "until"):
                copied.pop(name_input(day, position, side), None)
                monday = data.get(name_input(0, position, side))
                if monday is not None:
                    copied[name_input(day, position, side)] = monday
    return copied
