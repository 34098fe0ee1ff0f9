"""Reading when a calendar file from elsewhere is busy, in a sandbox."""

import tempfile
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from tenants.sandbox.limits import ParserLimits
from tenants.sandbox.parser_processes import ParserFailed, ParserLimitExceeded, parse_in_sandbox
from tenants.sandbox.refusals import FileRefused

PARSER = "portal.scheduling.outside_calendars.calendar_parser.parse_busy_ranges"
MAX_OUTPUT_SIZE = 2 * 2**20
PARSER_SECONDS = 20
SLOT_WAIT_SECONDS = 5


class UnreadableCalendar(Exception):
    """A file is no calendar, or too much of one: "broken-calendar", "too-large", "too-many-events" or "too-complex"."""


def read_busy_ranges(
    ics: bytes, *, from_at: datetime, until_at: datetime, time_zone: str
) -> list[tuple[datetime, datetime]]:
    """Return when the events of an iCalendar file are busy, in UTC, sorted, and joined where they touch or overlap.

    They overlap the time between `from_at` and `until_at`. All-day and floating events are in `time_zone`. Events that
    are free or cancelled are not busy, tentative ones are; single events that are broken are left out. Raises
    UnreadableCalendar, and SandboxBusy when too many files are being opened.
    """
    options = {"from_at": from_at.isoformat(), "until_at": until_at.isoformat(), "time_zone": time_zone}
    return [
        (datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)) for start, end in _parse(ics, options)
    ]


def _parse(ics: bytes, options: dict[str, Any]) -> list[list[int]]:
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
