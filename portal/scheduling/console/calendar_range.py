"""What the console's calendar is asked to show: a day, a week or a month, of whom, in which room, in which colours."""

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


class CalendarColours(StrEnum):
    """What the colours of the calendar stand for."""

    SERVICE = "service"
    STATE = "state"


# What stands in the address for every room and piece of equipment.
EVERY_RESOURCE = "all"


@dataclass(frozen=True)
class CalendarRange:
    """The day that is asked for, how much around it is shown, and of which calendar; None for all.

    With `is_by_resource` it shows what takes rooms and equipment: `resource_id`, or any without one.
    """

    view: CalendarView
    day: date
    calendar_id: UUID | None = None
    is_by_resource: bool = False
    resource_id: UUID | None = None
    colours: CalendarColours = CalendarColours.SERVICE

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
        optional = {
            "calendar": self.calendar_id,
            "resource": (self.resource_id or EVERY_RESOURCE) if self.is_by_resource else None,
            "colours": self.colours.value if self.colours != CalendarColours.SERVICE else None,
        }
        return urlencode(values | {name: str(value) for name, value in optional.items() if value})

    def show(self, view: CalendarView, day: date | None = None) -> "CalendarRange":
        """Return the same in another view, around the same day or another."""
        return replace(self, view=view, day=day or self.day)

    def get_instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the instants at which the days begin and have ended."""
        days = self.days
        return get_midnight(days[0], zone), get_midnight(days[-1] + timedelta(days=1), zone)


def parse_range(values: dict[str, str], *, today: date) -> CalendarRange:
    """Return what a query string asks for; what it doesn't say or can't mean is today in all calendars."""
    view, colours, resource = (values.get(name, "") for name in ("view", "colours", "resource"))
    resource_id = parse_uuid(resource)
    return CalendarRange(
        CalendarView(view) if view in set(CalendarView) else CalendarView.DAY,
        parse_day(values.get("day", "")) or today,
        parse_uuid(values.get("calendar", "")),
        is_by_resource=resource == EVERY_RESOURCE or resource_id is not None,
        resource_id=resource_id,
        colours=CalendarColours(colours) if colours in set(CalendarColours) else CalendarColours.SERVICE,
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
