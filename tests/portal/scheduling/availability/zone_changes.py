"""The clock changes of time zones, as Python's zoneinfo knows them."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Pacific/Apia",
)
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 12, 31, tzinfo=UTC)
DAY = timedelta(days=1)


@cache
def list_clock_changes(zone: str) -> tuple[datetime, ...]:
    """Return the first instant with another offset than the minute before, for each change from 2026 to 2036."""
    days = [FIRST + number * DAY for number in range((LAST - FIRST).days)]
    return tuple(_find_change(zone, day) for day in days if _offset(zone, day) != _offset(zone, day + DAY))


def _offset(zone: str, at: datetime) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset()


def _find_change(zone: str, day: datetime) -> datetime:
    minutes = (day + number * timedelta(minutes=1) for number in range(1441))
    return next(at for at in minutes if _offset(zone, at) != _offset(zone, day))
