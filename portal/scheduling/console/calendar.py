"""The console's calendar: a day, a week or a month of all staff calendars or of one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.scheduling.availability import build_opening_spans
from portal.scheduling.console.calendar_blocks import CalendarBlock, load_blocks, select_blocks_of_day
from portal.scheduling.console.calendar_grid import ColumnContent, Span, build_grid
from portal.scheduling.console.calendar_month import build_month
from portal.scheduling.console.calendar_range import CalendarRange, CalendarView, parse_range
from portal.scheduling.console.requests import count_requests
from portal.scheduling.models import StaffCalendar
from portal.scheduling.services.schedules import ReadRange, load_calendars
from portal.scheduling.templatetags.scheduling_dates import short_day
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

VIEW_LABELS = {CalendarView.DAY: _("Day"), CalendarView.WEEK: _("Week"), CalendarView.MONTH: _("Month")}


@membership_required("appointments.view")
def show_calendar(request: StaffRequest) -> HttpResponse:
    """Show the calendar of the day, week or month in the query."""
    now = database_clock.now()
    shown = parse_range(request.GET.dict(), today=timezone.localdate(now))
    calendars = list(StaffCalendar.objects.filter(is_active=True))
    context = {
        "shown": shown,
        "calendars": calendars,
        "today": timezone.localdate(now),
        "today_range": shown.show(shown.view, timezone.localdate(now)),
        "views": [(VIEW_LABELS[view], shown.show(view)) for view in CalendarView],
        "requests": count_requests(now=now),
        **_build_content(request, shown, calendars, now=now),
    }
    return render(request, "console/scheduling/appointment_calendar.html", context)


def _build_content(
    request: StaffRequest, shown: CalendarRange, calendars: Sequence[StaffCalendar], *, now: datetime
) -> dict[str, Any]:
    """Return the grid of a day or week, or the weeks of a month."""
    zone = ZoneInfo(request.business.time_zone)
    selected = [each for each in calendars if shown.calendar_id in (None, each.pk)]
    blocks = load_blocks([each.pk for each in selected], *shown.get_instants(zone), slug=request.slug, now=now)
    if shown.view == CalendarView.MONTH:
        return {"month": build_month(shown, blocks, zone)}
    spans = _load_open_spans(selected, shown, zone)
    build = _build_day_columns if shown.view == CalendarView.DAY else _build_week_columns
    return {"grid": build_grid(build(shown, selected, blocks, spans, zone), zone)}


def _load_open_spans(calendars: Sequence[StaffCalendar], shown: CalendarRange, zone: ZoneInfo) -> dict[Any, list[Span]]:
    """Return the opening hours of calendars; those that begin the day before may run over midnight."""
    rules = load_calendars([each.pk for each in calendars], ReadRange(*shown.get_instants(zone)))
    first, last = shown.days[0] - timedelta(days=1), shown.days[-1] + timedelta(days=2)
    return {key: build_opening_spans(each, first, last) for key, each in rules.items()}


def _build_day_columns(
    shown: CalendarRange,
    calendars: Sequence[StaffCalendar],
    blocks: Sequence[CalendarBlock],
    spans: dict[Any, list[Span]],
    zone: ZoneInfo,
) -> list[ColumnContent]:
    """Return a column for each calendar."""
    return [
        ColumnContent(
            day=shown.day,
            label=calendar.name,
            blocks=[block for block in blocks if block.calendar_id == calendar.pk],
            open_spans=spans.get(calendar.pk, []),
            calendar_id=calendar.pk,
        )
        for calendar in calendars
    ]


def _build_week_columns(
    shown: CalendarRange,
    calendars: Sequence[StaffCalendar],
    blocks: Sequence[CalendarBlock],
    spans: dict[Any, list[Span]],
    zone: ZoneInfo,
) -> list[ColumnContent]:
    """Return a column for each day."""
    every_span = [span for calendar in calendars for span in spans.get(calendar.pk, [])]
    return [
        ColumnContent(
            day=day,
            label=short_day(day),
            blocks=select_blocks_of_day(blocks, day, zone),
            open_spans=every_span,
            calendar_id=shown.calendar_id,
        )
        for day in shown.days
    ]
