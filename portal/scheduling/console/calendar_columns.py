"""The columns of the console's calendar: of a day, one for each member of staff or each room; of a week, its days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.scheduling.console.calendar_blocks import CalendarBlock, select_blocks_of_day
from portal.scheduling.console.calendar_grid import ColumnContent, Span
from portal.scheduling.console.calendar_range import CalendarRange, CalendarView
from portal.scheduling.models import Resource, StaffCalendar
from portal.scheduling.templatetags.scheduling_dates import short_day


@dataclass(frozen=True)
class ColumnSources:
    """What columns are made of: the calendars and resources that are shown, with their blocks and opening hours."""

    calendars: Sequence[StaffCalendar]
    resources: Sequence[Resource]
    blocks: Sequence[CalendarBlock]
    spans: Mapping[UUID, Sequence[Span]]

    @property
    def every_span(self) -> list[Span]:
        """Return the opening hours of all calendars."""
        return [span for calendar in self.calendars for span in self.spans.get(calendar.pk, ())]


def build_columns(shown: CalendarRange, sources: ColumnSources, zone: ZoneInfo) -> list[ColumnContent]:
    """Return the columns of a day or a week."""
    if shown.view == CalendarView.WEEK:
        return _build_days(shown, sources, zone)
    return _build_resources(shown, sources) if shown.is_by_resource else _build_calendars(shown, sources)


def _build_calendars(shown: CalendarRange, sources: ColumnSources) -> list[ColumnContent]:
    return [
        ColumnContent(
            day=shown.day,
            label=calendar.name,
            blocks=[block for block in sources.blocks if block.calendar_id == calendar.pk],
            open_spans=sources.spans.get(calendar.pk, ()),
            calendar_id=calendar.pk,
        )
        for calendar in sources.calendars
    ]


def _build_resources(shown: CalendarRange, sources: ColumnSources) -> list[ColumnContent]:
    """Return a column for each room and piece of equipment. They have no hours but those of the staff."""
    return [
        ColumnContent(
            day=shown.day,
            label=resource.name,
            blocks=[block for block in sources.blocks if resource.pk in block.resource_ids],
            open_spans=sources.every_span,
            calendar_id=shown.calendar_id,
        )
        for resource in sources.resources
    ]


def _build_days(shown: CalendarRange, sources: ColumnSources, zone: ZoneInfo) -> list[ColumnContent]:
    return [
        ColumnContent(
            day=day,
            label=short_day(day),
            blocks=select_blocks_of_day(sources.blocks, day, zone),
            open_spans=sources.every_span,
            calendar_id=shown.calendar_id,
        )
        for day in shown.days
    ]
