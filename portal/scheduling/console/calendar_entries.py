"""The pages of one time that is taken: of a group with those who come, or blocked by staff; and blocking time."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.console.appointment_forms import BlockedTimeForm
from portal.scheduling.console.calendar_blocks import build_seat_marks
from portal.scheduling.models import Appointment, CalendarEntry, StaffCalendar
from portal.scheduling.models.appointment import SEATED_STATES
from portal.scheduling.services import TimeTaken
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("appointments.view")
def show_entry(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show who comes to a group's time, or what a time is blocked for."""
    rows = CalendarEntry.objects.filter(is_active=True).select_related("calendar", "service")
    entry = get_object_or_404(rows, pk=pk)
    context = {
        "entry": entry,
        "day": timezone.localtime(entry.starts_at).date(),
        "new_query": _build_booking_query(entry),
        "seats": [(seat, build_seat_marks(seat)) for seat in _query_seats(entry)],
    }
    return render(request, "console/scheduling/calendar_entry.html", context)


@membership_required("appointments.edit", methods=("GET", "POST"))
def block_time(request: StaffRequest) -> HttpResponse:
    """Block a time of one calendar."""
    calendars = list(StaffCalendar.objects.filter(is_active=True))
    initial = {name: request.GET[name][:80] for name in ("calendar", "day", "time") if name in request.GET}
    data, zone = request.POST if request.method == "POST" else None, ZoneInfo(request.business.time_zone)
    form = BlockedTimeForm(data, initial=initial, calendars=calendars, zone=zone)
    if form.is_valid() and _block(request, form, calendars):
        messages.success(request, _("Blocked. Nobody can book this time."))
        query = f"?view=day&day={form.cleaned_data['day'].isoformat()}"
        return redirect(reverse("console:calendar", kwargs={"business": request.slug}) + query)
    status = 422 if form.errors else 200
    return render(request, "console/scheduling/new_blocked_time.html", {"form": form}, status=status)


@membership_required("appointments.edit", methods=("POST",))
def unblock_time(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Free a blocked time; one that somebody has freed is not found."""
    if not services.unblock_time(entry_id=pk, staff=request.staff, now=database_clock.now()):
        raise Http404
    messages.success(request, _("The time is free again."))
    return redirect("console:calendar", business=request.slug)


def _block(request: StaffRequest, form: BlockedTimeForm, calendars: list[StaffCalendar]) -> bool:
    """Block what was filled in, or add an error to the form."""
    data: dict[str, Any] = form.cleaned_data
    values = {name: data[name] for name in ("title", "starts_at", "ends_at")}
    calendar = next(each for each in calendars if str(each.pk) == data["calendar"])
    try:
        services.block_time(calendar=calendar, staff=request.staff, now=database_clock.now(), **values)
    except TimeTaken:
        form.add_error(None, _("Something is booked or blocked at this time already. Move or cancel it first."))
        return False
    return True


def _build_booking_query(entry: CalendarEntry) -> str:
    """Return the query string that fills a time into the form for a new appointment."""
    local = timezone.localtime(entry.starts_at)
    values = {"service": entry.service_id, "calendar": entry.calendar_id, "day": local.date().isoformat()}
    return urlencode(values | {"time": f"{local:%H:%M}"})


def _query_seats(entry: CalendarEntry) -> Any:
    seats = Appointment.objects.exclude_demo().booked().filter(entry=entry, state__in=SEATED_STATES)
    return seats.select_related("client").order_by("created_at", "pk")
