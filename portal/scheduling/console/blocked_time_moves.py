"""The form by which staff move a blocked time, or make it longer or shorter: a page, or a dialog of the calendar."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.console.move_forms import (
    BlockedTimeMoveForm,
    format_period,
    parse_period,
    read_times,
    redirect_to_calendar,
)
from portal.scheduling.models import CalendarEntry, StaffCalendar
from portal.scheduling.services import AppointmentChanged, BlockedPeriod, TimeTaken
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

TYPED_FIELDS = ("calendar", "day", "time", "minutes", "seen", "back")
MAX_VALUE_LENGTH = 300


@membership_required("appointments.edit", methods=("GET", "POST"))
def move_blocked_time(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Move a blocked time to where nothing is booked or blocked."""
    entry = get_object_or_404(CalendarEntry.objects.select_related("calendar"), pk=pk, service=None, is_active=True)
    form = _build_form(request, entry, request.POST if request.method == "POST" else None)
    try:
        _require_seen(request, entry)
        if form.is_valid() and (moved := _move(request, entry, form)):
            messages.success(request, _("Moved."))
            return redirect_to_calendar(request, form.cleaned_data["back"], form.cleaned_data["day"], moved.pk)
    except AppointmentChanged:
        return _render(request, entry, _build_form(request, entry, None, is_new=True), is_changed=True)
    return _render(request, entry, form)


def _require_seen(request: StaffRequest, entry: CalendarEntry) -> None:
    """Check that a blocked time is where the page showed it. Raises AppointmentChanged."""
    seen = (request.POST or request.GET).get("seen")
    if seen and parse_period(seen) != _get_period(entry):
        raise AppointmentChanged


def _get_period(entry: CalendarEntry) -> BlockedPeriod:
    return BlockedPeriod(entry.calendar_id, entry.starts_at, entry.ends_at)


def _build_form(request: StaffRequest, entry: CalendarEntry, data: Any, *, is_new: bool = False) -> BlockedTimeMoveForm:
    """Return the form with the present time, or what a link or the calendar says instead."""
    given = [] if is_new else [name for name in TYPED_FIELDS if name in request.GET]
    typed = {name: request.GET[name][:MAX_VALUE_LENGTH] for name in given}
    current = read_times(entry.starts_at, entry.ends_at, entry.calendar_id)
    current["seen"] = format_period(_get_period(entry))
    active = list(StaffCalendar.objects.filter(is_active=True))
    calendars = active if entry.calendar in active else [entry.calendar, *active]
    zone = ZoneInfo(request.business.time_zone)
    return BlockedTimeMoveForm(data, initial=current | typed, calendars=calendars, zone=zone)


def _move(request: StaffRequest, entry: CalendarEntry, form: BlockedTimeMoveForm) -> CalendarEntry | None:
    """Move the blocked time, or add an error to the form. Raises AppointmentChanged."""
    seen, now = _get_period(entry), database_clock.now()
    try:
        return services.move_blocked_time(form.period, entry_id=entry.pk, seen=seen, staff=request.staff, now=now)
    except TimeTaken:
        form.add_error(None, _("Something is booked or blocked at this time already. Move or cancel it first."))
        return None


def _render(
    request: StaffRequest, entry: CalendarEntry, form: BlockedTimeMoveForm, *, is_changed: bool = False
) -> HttpResponse:
    template = "_move_dialog" if request.htmx else "moving_blocked_time"
    context = {"entry": entry, "form": form, "is_changed": is_changed, "is_check": "check" in request.GET}
    status = 409 if is_changed else 422 if form.errors else 200
    return render(request, f"console/scheduling/{template}.html", context, status=status)
