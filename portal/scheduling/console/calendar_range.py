"""What the console's calendar is asked to show: a day, a week or a month, of one calendar or of all."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.ui.input_cleaning import parse_uuid

# Days that calendars, PostgreSQL and their neighbours in a month can hold.
FIRST_DAY, LAST_DAY = date(2000, 2, 1), date(2199, 12, 1)


class CalendarView(StrEnum):
    """How much the calendar shows at once."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class CalendarRange:
    """The day that is asked for, how much around it is shown, and of which calendar; None for all."""

    view: CalendarView
    day: date
    calendar_id: UUID | None = None

    @property
    def days(self) -> list[date]:
        """Return the days that are shown: of a month, its weeks whole."""
        first, last = self.day, self.day
        if self.view == CalendarView.WEEK:
            first = last = _get_monday(self.day)
            last += timedelta(days=6)
        if self.view == CalendarView.MONTH:
            first = _get_monday(self.day.replace(day=1))
            last = _get_monday(_get_next_month(self.day) - timedelta(days=1)) + timedelta(days=6)
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    @property
    def previous(self) -> "CalendarRange":
        """Return the day, week or month before."""
        if self.view == CalendarView.MONTH:
            return replace(self, day=(self.day.replace(day=1) - timedelta(days=1)).replace(day=1))
        return replace(self, day=self.day - timedelta(days=len(self.days)))

    @property
    def next(self) -> "CalendarRange":
        """Return the day, week or month after."""
        if self.view == CalendarView.MONTH:
            return replace(self, day=_get_next_month(self.day))
        return replace(self, day=self.day + timedelta(days=len(self.days)))

    @property
    def query(self) -> str:
        """Return the query string of the page that shows this."""
        values = {"view": self.view.value, "day": self.day.isoformat()}
        return urlencode(values | ({"calendar": str(self.calendar_id)} if self.calendar_id else {}))

    def show(self, view: CalendarView, day: date | None = None) -> "CalendarRange":
        """Return the same in another view, around the same day or another."""
        return replace(self, view=view, day=day or self.day)

    def get_instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the instants at which the days begin and have ended."""
        days = self.days
        return get_midnight(days[0], zone), get_midnight(days[-1] + timedelta(days=1), zone)


def parse_range(values: dict[str, str], *, today: date) -> CalendarRange:
    """Return what a query string asks for; what it doesn't say or can't mean is today in all calendars."""
    view = values.get("view", "")
    return CalendarRange(
        CalendarView(view) if view in set(CalendarView) else CalendarView.DAY,
        parse_day(values.get("day", "")) or today,
        parse_uuid(values.get("calendar", "")),
    )


def parse_day(text: str) -> date | None:
    """Return a date that was written as 2027-01-11, or None for any other text and for dates out of all use."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def get_midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a day begins in a zone."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _get_monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _get_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
