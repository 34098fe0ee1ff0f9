"""Reading when a calendar file from elsewhere is busy, in a sandbox."""

import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from portal.scheduling.outside_calendars.calendar_parser import join_ranges
from tenants.sandbox.limits import ParserLimits
from tenants.sandbox.parser_processes import ParserFailed, ParserLimitExceeded, parse_in_sandbox
from tenants.sandbox.refusals import FileRefused

PARSER = "portal.scheduling.outside_calendars.calendar_parser.parse_busy_ranges"
MAX_OUTPUT_SIZE = 2 * 2**20
PARSER_SECONDS = 20
SLOT_WAIT_SECONDS = 5


class UnreadableCalendar(Exception):
    """A file is no calendar, or too much of one: "broken-calendar", "too-large", "too-many-events" or "too-complex"."""


@dataclass(frozen=True)
class OwnEvents:
    """How events are recognised that a calendar has copied from our own feeds.

    `find` returns which of some names are those of own events; a name stands before the domain in a UID.
    """

    domain: str
    find: Callable[[Collection[str]], Collection[str]]


NO_OWN_EVENTS = OwnEvents("", lambda names: ())


def read_busy_ranges(
    ics: bytes, *, from_at: datetime, until_at: datetime, time_zone: str, own_events: OwnEvents = NO_OWN_EVENTS
) -> list[tuple[datetime, datetime]]:
    """Return when the events of an iCalendar file are busy, in UTC, sorted, and joined where they touch or overlap.

    They overlap the time between `from_at` and `until_at`. All-day and floating events are in `time_zone`. Events that
    are free, cancelled or our own are not busy, tentative ones are; single events that are broken are left out. Raises
    UnreadableCalendar, and SandboxBusy when too many files are being opened.
    """
    options = {"from_at": from_at.isoformat(), "until_at": until_at.isoformat(), "time_zone": time_zone}
    rows = _parse(ics, options | {"own_domain": own_events.domain.lower()})
    names = {row[2] for row in rows if len(row) > 2}
    own = set(own_events.find(names)) if names else set()
    ranges = join_ranges(sorted((row[0], row[1]) for row in rows if own.isdisjoint(row[2:])))
    return [(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)) for start, end in ranges]


def _parse(ics: bytes, options: dict[str, Any]) -> list[list[Any]]:
    limits = ParserLimits(settings.SANDBOX_MEMORY * 2**20, PARSER_SECONDS, PARSER_SECONDS, MAX_OUTPUT_SIZE)
    with tempfile.TemporaryFile() as file:
        file.write(ics)
        file.flush()
        try:
            return list(parse_in_sandbox(PARSER, file, limits=limits, slot_wait_seconds=SLOT_WAIT_SECONDS, **options))
        except FileRefused as refusal:
            raise UnreadableCalendar(str(refusal)) from refusal
        except ParserLimitExceeded as error:
            raise UnreadableCalendar("too-complex") from error
        except ParserFailed as error:
            raise UnreadableCalendar("broken-calendar") from error
