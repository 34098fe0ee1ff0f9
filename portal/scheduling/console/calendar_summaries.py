"""What lists say of a staff calendar."""

from itertools import groupby
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from portal.scheduling.forms.clock_times import HoursSpan, describe_spans
from portal.scheduling.models import StaffCalendar

DAYS_OF_WEEK = range(7)


def summarise_calendar(calendar: StaffCalendar) -> dict[str, Any]:
    """Return what a list shows of a calendar whose hours and services were read."""
    return {
        "calendar": calendar,
        "hours": summarise_week(calendar),
        "services": [service.name for service in calendar.services.all() if not service.archived_at],
    }


def summarise_week(calendar: StaffCalendar) -> list[tuple[str, str]]:
    """Return days of the week and their hours, neighbouring days of the same hours as one; closed days are left out."""
    spans: dict[int, list[HoursSpan]] = {day: [] for day in DAYS_OF_WEEK}
    for row in calendar.opening_hours.all():
        spans[row.weekday].append(HoursSpan(row.starts_minute, row.ends_minute))
    grouped = groupby(DAYS_OF_WEEK, key=lambda day: describe_spans(spans[day]) if spans[day] else "")
    return [(_name_days(list(days)), hours) for hours, days in grouped if hours]


def _name_days(days: list[int]) -> str:
    first, last = str(WEEKDAYS_ABBR[days[0]]), str(WEEKDAYS_ABBR[days[-1]])
    return first if first == last else _("%(first)s–%(last)s") % {"first": first, "last": last}
