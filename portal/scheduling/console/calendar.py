"""The console's calendar: a day, a week or a month, of all staff or of one member, or of rooms and equipment."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.scheduling import services
from portal.scheduling.availability import build_opening_spans
from portal.scheduling.console.calendar_blocks import BlockQuery, load_blocks
from portal.scheduling.console.calendar_colours import build_legend
from portal.scheduling.console.calendar_columns import ColumnSources, build_columns
from portal.scheduling.console.calendar_grid import Span, build_grid
from portal.scheduling.console.calendar_month import build_month
from portal.scheduling.console.calendar_range import CalendarColours, CalendarRange, CalendarView, parse_range
from portal.scheduling.console.outside_blocks import add_outside_blocks
from portal.scheduling.console.requests import count_requests
from portal.scheduling.models import Resource, StaffCalendar
from portal.scheduling.services.schedules import ReadRange, load_calendars
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

VIEW_LABELS = {CalendarView.DAY: _("Day"), CalendarView.WEEK: _("Week"), CalendarView.MONTH: _("Month")}
COLOUR_LABELS = {CalendarColours.SERVICE: _("Colours by service"), CalendarColours.STATE: _("Colours by state")}


@membership_required("appointments.view")
def show_calendar(request: StaffRequest) -> HttpResponse:
    """Show the calendar that the query asks for."""
    now = database_clock.now()
    today = timezone.localdate(now)
    shown = parse_range(request.GET.dict(), today=today)
    calendars = list(StaffCalendar.objects.filter(is_active=True))
    resources = list(Resource.objects.filter(is_active=True).order_by("name", "pk"))
    context = {
        "shown": shown,
        "calendars": calendars,
        "resources": resources,
        "today": today,
        "requests": count_requests(now=now),
        **_build_choices(shown, today),
        **_build_content(request, shown, calendars, resources, now=now),
    }
    return render(request, "console/scheduling/appointment_calendar.html", context)


def _build_choices(shown: CalendarRange, today: date) -> dict[str, Any]:
    """Return what the bar above the calendar leads to."""
    return {
        "today_range": shown.show(shown.view, today),
        "views": [(VIEW_LABELS[view], shown.show(view)) for view in CalendarView],
        "colours": [(colours.value, label) for colours, label in COLOUR_LABELS.items()],
    }


def _build_content(
    request: StaffRequest,
    shown: CalendarRange,
    calendars: Sequence[StaffCalendar],
    resources: Sequence[Resource],
    *,
    now: datetime,
) -> dict[str, Any]:
    """Return the grid of a day or week, or the weeks of a month, and what the colours stand for."""
    zone = ZoneInfo(request.business.time_zone)
    selected = [each for each in calendars if shown.calendar_id in (None, each.pk)]
    rooms = [each for each in resources if shown.resource_id in (None, each.pk)]
    resource_ids = [each.pk for each in rooms] if shown.is_by_resource else None
    interval = services.get_scheduling_settings(request.business).start_interval
    query = BlockQuery([each.pk for each in selected], *shown.get_instants(zone), resource_ids, shown.colours, interval)
    blocks = load_blocks(query, slug=request.slug, now=now)
    legend = build_legend(block.colour for block in blocks)
    if shown.view == CalendarView.MONTH:
        return {"month": build_month(shown, blocks, zone), "legend": legend}
    spans = _load_open_spans(selected, shown, zone)
    blocks = add_outside_blocks(blocks, query, spans)
    sources = ColumnSources(selected, rooms, blocks, spans)
    return {"grid": build_grid(build_columns(shown, sources, zone), zone), "legend": legend}


def _load_open_spans(calendars: Sequence[StaffCalendar], shown: CalendarRange, zone: ZoneInfo) -> dict[Any, list[Span]]:
    """Return the opening hours of calendars; those that begin the day before may run over midnight."""
    rules = load_calendars([each.pk for each in calendars], ReadRange(*shown.get_instants(zone)))
    first, last = shown.days[0] - timedelta(days=1), shown.days[-1] + timedelta(days=2)
    return {key: build_opening_spans(each, first, last) for key, each in rules.items()}
