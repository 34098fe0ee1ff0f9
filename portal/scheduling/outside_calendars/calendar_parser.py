"""The parser of iCalendar files from strangers, which runs in a sandbox and imports nothing of Django."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Event
from recurring_ical_events import CalendarQuery

from tenants.sandbox.refusals import FileRefused

MAX_FILE_SIZE = 2 * 2**20
MAX_EVENTS = 20_000
MAX_RANGES = 20_000
EVENT_BEGIN = re.compile(rb"^BEGIN:VEVENT\s*$", re.IGNORECASE | re.MULTILINE)
OWN_NAME = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
# More than any zone is from any other: all-day and floating times are compared before they have a zone.
MARGIN = timedelta(days=2)
# What the libraries raise for files that no calendar program wrote.
READ_ERRORS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


def parse_busy_ranges(
    file: BinaryIO, *, from_at: str, until_at: str, time_zone: str, own_domain: str = ""
) -> Iterator[list[Any]]:
    """Yield when the events of a file are busy, as Unix times of start and end, sorted, and joined where they touch.

    They overlap the time between `from_at` and `until_at`, which are written in ISO 8601. Times without a zone are
    in `time_zone`. Events whose UID is one of `own_domain` follow, each by itself with the part of the UID before the
    domain. Raises FileRefused.
    """
    starts, ends, zone = datetime.fromisoformat(from_at), datetime.fromisoformat(until_at), ZoneInfo(time_zone)
    ranges: list[tuple[int, int]] = []
    own: list[list[Any]] = []
    for key, series in _group_events(_read_calendar(file)).items():
        found = [
            (start, end)
            for start, end in _list_series_ranges(series, starts, ends, zone)
            if start < end and start < ends.timestamp() and starts.timestamp() < end
        ]
        if name := _get_own_name(key, own_domain):
            own += ([start, end, name] for start, end in found)
        else:
            ranges += found
        if len(ranges) + len(own) > MAX_RANGES:
            raise FileRefused("too-many-events")
    yield from join_ranges(sorted(ranges))
    yield from own


def join_ranges(ranges: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Yield sorted ranges, those as one that overlap or touch."""
    current: list[int] = []
    for start, end in ranges:
        if current and start <= current[1]:
            current[1] = max(current[1], end)
        else:
            if current:
                yield current
            current = [start, end]
    if current:
        yield current


def _read_calendar(file: BinaryIO) -> Component:
    content = file.read(MAX_FILE_SIZE + 1)
    if len(content) > MAX_FILE_SIZE:
        raise FileRefused("too-large")
    if len(EVENT_BEGIN.findall(content)) > MAX_EVENTS:
        raise FileRefused("too-many-events")
    try:
        return Calendar.from_ical(content)
    except READ_ERRORS as error:
        raise FileRefused("broken-calendar") from error


def _group_events(calendar: Component) -> dict[Any, list[Component]]:
    """Return the events of each series, by the UID that they share, or else by their number."""
    groups: dict[Any, list[Component]] = {}
    for number, event in enumerate(calendar.walk("VEVENT")):
        groups.setdefault(str(event["UID"]) if "UID" in event else number, []).append(event)
    return groups


def _get_own_name(key: Any, own_domain: str) -> str:
    """Return what stands before the domain in a UID, if it has the form of ours."""
    name, _at, domain = str(key).strip().partition("@")
    return name.lower() if own_domain and domain.lower() == own_domain and OWN_NAME.fullmatch(name) else ""


def _list_series_ranges(
    series: list[Component], from_at: datetime, until_at: datetime, zone: ZoneInfo
) -> list[tuple[int, int]]:
    """Return when a series is busy, perhaps also shortly before and after the time asked for; none if it is broken."""
    calendar = Calendar()
    for event in series:
        calendar.add_component(event)
    try:
        found = _list_occurrences(calendar, from_at - MARGIN, until_at + MARGIN)
        return [(_get_instant(one.start, zone), _get_instant(one.end, zone)) for one in found if _is_busy(one)]
    except READ_ERRORS:
        return []


def _list_occurrences(calendar: Calendar, from_at: datetime, until_at: datetime) -> list[Event]:
    found = (one for series in CalendarQuery(calendar).series for one in series.between(from_at, until_at))
    occurrences = [one.as_component(False) for one in islice(found, MAX_RANGES + 1)]
    if len(occurrences) > MAX_RANGES:
        raise FileRefused("too-many-events")
    return cast(list[Event], occurrences)


def _is_busy(event: Event) -> bool:
    transparency, status = str(event.get("TRANSP", "OPAQUE")), str(event.get("STATUS", "CONFIRMED"))
    return transparency.upper() != "TRANSPARENT" and status.upper() != "CANCELLED"


def _get_instant(value: date, zone: ZoneInfo) -> int:
    """Return the Unix time of a date's midnight, a floating time or a time with a zone."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return int((value if value.tzinfo else value.replace(tzinfo=zone)).timestamp())
