"""What the console's calendar shows of the times at which outside calendars are busy."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.console.calendar_blocks import BlockQuery, CalendarBlock
from portal.scheduling.models import OutsideBusyTime

Span = tuple[datetime, datetime]


def add_outside_blocks(
    blocks: Sequence[CalendarBlock], query: BlockQuery, open_spans: Mapping[Any, Sequence[Span]]
) -> list[CalendarBlock]:
    """Return blocks with those of outside calendars, sorted by start; appointments in conflict with them say so.

    Of what staff do elsewhere only that is shown which lies in the opening hours, and none of it with rooms.
    """
    times = list(
        services.query_outside_busy_times(query.calendar_ids, query.from_at, query.until_at).select_related(
            "outside_calendar__calendar"
        )
    )
    outside = [
        _build_block(time, max(time.busy_from, start), min(time.busy_until, end))
        for time in times
        for start, end in open_spans.get(time.outside_calendar.calendar_id, ())
        if query.resource_ids is None and time.busy_from < end and start < time.busy_until
    ]
    marked = [_mark_conflict(block, times) for block in blocks]
    return sorted([*marked, *outside], key=lambda block: (block.starts_at, block.ends_at))


def _build_block(time: OutsideBusyTime, starts_at: datetime, ends_at: datetime) -> CalendarBlock:
    calendar = time.outside_calendar.calendar
    return CalendarBlock(
        entry_id=time.outside_calendar_id,
        calendar_id=calendar.pk,
        calendar_name=calendar.name,
        starts_at=starts_at,
        ends_at=ends_at,
        title=_("Busy elsewhere"),
        detail=time.outside_calendar.name,
        marks=(),
        css="is-elsewhere",
        url="",
        colour=None,
        resource_ids=frozenset(),
    )


def _mark_conflict(block: CalendarBlock, times: Sequence[OutsideBusyTime]) -> CalendarBlock:
    is_in_conflict = block.css.startswith("tag-") and any(
        time.outside_calendar.calendar_id == block.calendar_id
        and time.busy_from < block.ends_at
        and block.starts_at < time.busy_until
        for time in times
    )
    return replace(block, marks=(*block.marks, _("Conflict"))) if is_in_conflict else block
