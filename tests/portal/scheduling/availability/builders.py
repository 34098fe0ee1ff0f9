"""Calendars, services and busy ranges for tests of availability, written as people say them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.scheduling.availability import (
    AvailabilityCalculator,
    BookingWindow,
    BusyRange,
    CalendarRules,
    DateException,
    Schedule,
    ServiceRules,
    Slot,
    WeeklyHours,
)

ANNA, BEN, CARL = (UUID(int=number) for number in (1, 2, 3))
ROOM, OTHER_ROOM, PROJECTOR = (UUID(int=number) for number in (11, 12, 13))
MASSAGE = UUID(int=21)
BERLIN = "Europe/Berlin"
MONDAY = date(2026, 12, 7)
ANY_TIME = BookingWindow(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def count_minutes(clock: str) -> int:
    """Return the minutes after midnight of "22:30", or of "26:00" for 02:00 on the next day."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def every_day(*spans: str) -> tuple[WeeklyHours, ...]:
    """Return hours such as "09:00-17:00" for all weekdays."""
    return tuple(hours for weekday in range(7) for hours in on_weekday(weekday, *spans))


def on_weekday(weekday: int, *spans: str) -> tuple[WeeklyHours, ...]:
    """Return hours such as "09:00-17:00" for one weekday."""
    return tuple(WeeklyHours(weekday, *read_span(span)) for span in spans)


def read_span(span: str) -> tuple[int, int]:
    """Return the minutes of "09:00-17:00"."""
    start, end = span.split("-")
    return count_minutes(start), count_minutes(end)


def replace_hours(starts_on: date, ends_on: date, *spans: str, is_addition: bool = False) -> DateException:
    """Return an exception with hours such as "09:00-17:00"."""
    return DateException(starts_on, ends_on, tuple(read_span(span) for span in spans), is_addition)


def build_calendar(weekly_hours, *exceptions, zone=BERLIN, calendar_id=ANNA, daily_limit=None) -> CalendarRules:
    """Return Anna's calendar in Berlin, unless told otherwise."""
    return CalendarRules(calendar_id, zone, tuple(weekly_hours), tuple(exceptions), daily_limit)


def build_schedule(*calendars: CalendarRules, **facts) -> Schedule:
    """Return a schedule of some calendars; `facts` are its other fields."""
    return Schedule({one.calendar_id: one for one in calendars}, **facts)


def build_service(duration=60, *, before=0, after=0, interval=30, capacity=1, calendars=(ANNA,), **resources):
    """Return an hour's service of Anna, every half hour, unless told otherwise."""
    return ServiceRules(MASSAGE, duration, before, after, interval, capacity, calendars, **resources)


def at(text: str, zone: str = BERLIN, fold: int = 0) -> datetime:
    """Return the instant at which the wall of a zone shows a time such as "2026-12-07 09:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def busy(starts: str, ends: str, zone: str = BERLIN) -> BusyRange:
    """Return what is busy between two times on the wall."""
    return BusyRange.between(at(starts, zone), at(ends, zone))


def list_slots(
    schedule, service=None, day=MONDAY, *, days=1, zone=BERLIN, window=ANY_TIME, calendar_id=None
) -> list[Slot]:
    """Return the slots that start on some local days."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    calculator = AvailabilityCalculator(schedule, start, start + timedelta(days=days))
    return calculator.find_slots(service or build_service(), window, calendar_id)


def read_clock(slots: list[Slot], zone: str = BERLIN) -> list[str]:
    """Return when slots start on the wall of a zone, such as "09:00"."""
    return [f"{slot.starts_at.astimezone(ZoneInfo(zone)):%H:%M}" for slot in slots]
