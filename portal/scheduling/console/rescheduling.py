"""The page on which staff move an appointment to another time or another calendar."""

from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.console.appointment_forms import AppointmentTimeForm
from portal.scheduling.console.appointments import get_appointment, render_conflict
from portal.scheduling.console.calendar_range import parse_day
from portal.scheduling.console.new_appointments import build_warning_context
from portal.scheduling.console.staff_booking import (
    book_unless_warned,
    build_staff_query,
    choose_free_calendar,
    find_search_start,
    is_draft,
    list_free_times,
    read_typed_values,
)
from portal.scheduling.models import Appointment, StaffCalendar
from portal.scheduling.services import AppointmentChanged, BookingNeedsConfirmation, ClientHasSeat, SlotQuery
from portal.ui.input_cleaning import parse_uuid
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("appointments.edit", methods=("GET", "POST"))
def reschedule_appointment(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Move an appointment; a time that breaks rules needs to be confirmed."""
    appointment = get_appointment(pk)
    if not appointment.is_open:
        return render_conflict(request, pk)
    form = _build_form(request, appointment)
    context: dict[str, Any] = {"appointment": appointment, "form": form}
    try:
        if form.is_valid() and _reschedule(request, appointment, form, context):
            messages.success(request, _("Moved."))
            return redirect("console:appointment", business=request.slug, pk=pk)
    except AppointmentChanged:
        return render_conflict(request, pk)
    if "find" in request.POST:
        context |= _find_free_times(request, appointment)
    status = 409 if context.get("warnings") else 422 if form.errors else 200
    return render(request, "console/scheduling/rescheduling.html", context, status=status)


def _build_form(request: StaffRequest, appointment: Appointment) -> AppointmentTimeForm:
    local = timezone.localtime(appointment.starts_at)
    current = {
        "calendar": str(appointment.entry.calendar_id),
        "day": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
    }
    data = request.POST if request.method == "POST" and not is_draft(request) else None
    calendars, zone = _list_calendars(appointment), ZoneInfo(request.business.time_zone)
    return AppointmentTimeForm(
        data, initial=current | read_typed_values(request.POST or request.GET), calendars=calendars, zone=zone
    )


def _list_calendars(appointment: Appointment) -> list[StaffCalendar]:
    """Return the calendars in use, and the appointment's own."""
    active = list(StaffCalendar.objects.filter(is_active=True))
    return active if appointment.entry.calendar in active else [appointment.entry.calendar, *active]


def _reschedule(
    request: StaffRequest, appointment: Appointment, form: AppointmentTimeForm, context: dict[str, Any]
) -> Appointment | None:
    """Move the appointment, or add errors to the form or warnings to the context. Raises AppointmentChanged."""
    now, starts_at = database_clock.now(), form.cleaned_data["starts_at"]
    query = _build_query(request, appointment, form.calendar_id, starts_at)
    calendar_id = choose_free_calendar(query, starts_at, now=now)
    if calendar_id is None:
        form.add_error("calendar", _("Nobody is free at this time. Choose another time, or whose calendar it is."))
        return None
    query = _build_query(request, appointment, calendar_id, starts_at)
    book = partial(services.reschedule_appointment, appointment_id=appointment.pk, staff=request.staff, now=now)
    try:
        return book_unless_warned(book, query, starts_at, accepted=request.POST.get("accepted", ""))
    except BookingNeedsConfirmation as error:
        context |= build_warning_context(query, form, error)
    except ClientHasSeat:
        form.add_error("time", _("This client has a seat at this time already."))
    return None


def _build_query(request: StaffRequest, appointment: Appointment, calendar_id: UUID | None, at: Any) -> SlotQuery:
    """Return a query to which the appointment's own time is free."""
    service = services.query_services_with_needs().get(pk=appointment.service_id)
    return services.ignore_own_time(build_staff_query(request.business, service, calendar_id, at), appointment)


def _find_free_times(request: StaffRequest, appointment: Appointment) -> dict[str, Any]:
    now = database_clock.now()
    start = find_search_start(parse_day(request.POST.get("day", "")), request.business, now=now)
    query = _build_query(request, appointment, parse_uuid(request.POST.get("calendar", "")), start)
    free_times = list_free_times(query, _list_calendars(appointment), now=now)
    return {"is_search": True, "free_times": free_times}
