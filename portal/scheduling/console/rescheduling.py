"""The form by which staff give an appointment another time, length or calendar: a page, or a dialog of the calendar."""

from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.console.appointments import describe_last_change, get_appointment, render_conflict
from portal.scheduling.console.calendar_range import parse_day
from portal.scheduling.console.move_forms import AppointmentMoveForm, lead_to, read_times, redirect_to_calendar
from portal.scheduling.console.new_appointments import build_warning_context
from portal.scheduling.console.series_moves import SeriesMoveForm, move_series
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
from portal.scheduling.services import AppointmentChanged, BookingNeedsConfirmation, ClientHasSeat, SlotQuery, StaffMove
from portal.ui.input_cleaning import parse_uuid
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("appointments.edit", methods=("GET", "POST"))
def reschedule_appointment(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Move an appointment; a time that breaks rules needs to be confirmed."""
    appointment = get_appointment(pk)
    form = _build_form(request, appointment)
    context: dict[str, Any] = {"appointment": appointment, "form": form}
    try:
        _require_seen(request, appointment)
        if request.method == "POST" and form.is_valid() and (moved := _reschedule(request, appointment, form, context)):
            return _lead_back(request, moved, form)
    except AppointmentChanged:
        return _render_conflict(request, pk)
    return _render(request, appointment, context)


def _require_seen(request: StaffRequest, appointment: Appointment) -> None:
    """Check that an appointment can be moved, and is as it was on the page that led here. Raises AppointmentChanged."""
    seen = request.GET.get("version") if request.method == "GET" else None
    if not appointment.is_open or (seen and seen != str(appointment.version)):
        raise AppointmentChanged


def _build_form(request: StaffRequest, appointment: Appointment) -> AppointmentMoveForm:
    """Return the form; bound if it was sent, or if the calendar asks what speaks against a time."""
    current = read_times(appointment.starts_at, appointment.ends_at, appointment.entry.calendar_id)
    current |= {"version": appointment.version}
    sent = request.POST if request.method == "POST" else request.GET if "check" in request.GET else None
    repeating = partial(SeriesMoveForm, present_minutes=current["minutes"])
    return (repeating if appointment.series_id else AppointmentMoveForm)(
        None if is_draft(request) else sent,
        initial=current | read_typed_values(request.POST or request.GET),
        calendars=_list_calendars(appointment),
        zone=ZoneInfo(request.business.time_zone),
        has_length=not _is_group(appointment),
    )


def _is_group(appointment: Appointment) -> bool:
    """Tell whether an appointment is a seat in a group's time, which is as long as its service."""
    return appointment.service.is_group or appointment.entry.capacity > 1


def _list_calendars(appointment: Appointment) -> list[StaffCalendar]:
    """Return the calendars in use, and the appointment's own."""
    active = list(StaffCalendar.objects.filter(is_active=True))
    return active if appointment.entry.calendar in active else [appointment.entry.calendar, *active]


def _reschedule(
    request: StaffRequest, appointment: Appointment, form: AppointmentMoveForm, context: dict[str, Any]
) -> Appointment | None:
    """Move the appointment, or add errors to the form or warnings to the context. Raises AppointmentChanged."""
    now, data = database_clock.now(), form.cleaned_data
    query = _choose_query(request, appointment, form)
    if query is None:
        return None
    if isinstance(form, SeriesMoveForm) and form.is_about_several:
        return move_series(request, appointment, form, query.calendar_id, now=now)
    move = StaffMove(data.get("minutes"), data["version"], is_client_told=not data["is_silent"])
    book = partial(
        services.reschedule_appointment, appointment_id=appointment.pk, move=move, staff=request.staff, now=now
    )
    try:
        return book_unless_warned(book, query, data["starts_at"], accepted=request.POST.get("accepted", ""))
    except BookingNeedsConfirmation as error:
        context |= build_warning_context(query, form, error)
    except ClientHasSeat:
        form.add_error("time", _("This client has a seat at this time already."))
    return None


def _choose_query(request: StaffRequest, appointment: Appointment, form: AppointmentMoveForm) -> SlotQuery | None:
    """Return the query for the time in the calendar that was chosen, or adds an error to the form if nobody is free."""
    starts_at = form.cleaned_data["starts_at"]
    query = _build_query(request, appointment, form, form.calendar_id, starts_at)
    calendar_id = choose_free_calendar(query, starts_at, now=database_clock.now())
    if calendar_id is None:
        form.add_error("calendar", _("Nobody is free at this time. Choose another time, or whose calendar it is."))
        return None
    return _build_query(request, appointment, form, calendar_id, starts_at)


def _build_query(
    request: StaffRequest, appointment: Appointment, form: AppointmentMoveForm, calendar_id: UUID | None, at: Any
) -> SlotQuery:
    """Return a query to which the appointment's own time is free."""
    service = services.query_services_with_needs().get(pk=appointment.service_id)
    query = build_staff_query(request.business, service, calendar_id, at)
    minutes = form.cleaned_data.get("minutes") if form.is_bound else None
    return services.build_move_query(query, appointment, minutes=minutes)


def _lead_back(request: StaffRequest, appointment: Appointment, form: AppointmentMoveForm) -> HttpResponse:
    messages.success(request, _("Moved."))
    if back := form.cleaned_data["back"]:
        day = timezone.localtime(appointment.starts_at).date()
        return redirect_to_calendar(request, back, day, appointment.entry_id)
    return lead_to(request, reverse("console:appointment", kwargs={"business": request.slug, "pk": appointment.pk}))


def _render(request: StaffRequest, appointment: Appointment, context: dict[str, Any]) -> HttpResponse:
    """Show the form with its errors, with what speaks against a time, or with free times."""
    form, is_sent = context["form"], request.method == "POST"
    if "find" in request.POST:
        context |= _find_free_times(request, appointment, form)
    elif not is_sent and form.is_bound and form.is_valid():
        context |= _list_warnings(request, appointment, form)
    template = "_move_dialog" if request.htmx else "rescheduling"
    status = 409 if is_sent and context.get("warnings") else 422 if form.errors else 200
    return render(request, f"console/scheduling/{template}.html", context, status=status)


def _list_warnings(request: StaffRequest, appointment: Appointment, form: AppointmentMoveForm) -> dict[str, Any]:
    """Return what speaks against the time to which an appointment was dragged."""
    starts_at, context = form.cleaned_data["starts_at"], {"is_check": True}
    query = _choose_query(request, appointment, form)
    if query is None:
        return context
    warnings = services.list_move_warnings(query, starts_at, now=database_clock.now())
    return context | (build_warning_context(query, form, BookingNeedsConfirmation(warnings)) if warnings else {})


def _find_free_times(request: StaffRequest, appointment: Appointment, form: AppointmentMoveForm) -> dict[str, Any]:
    now = database_clock.now()
    start = find_search_start(parse_day(request.POST.get("day", "")), request.business, now=now)
    query = _build_query(request, appointment, form, parse_uuid(request.POST.get("calendar", "")), start)
    free_times = list_free_times(query, _list_calendars(appointment), now=now)
    return {"is_search": True, "free_times": free_times}


def _render_conflict(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Say who has changed the appointment before, on its page or in the dialog."""
    if not request.htmx:
        return render_conflict(request, pk)
    appointment = get_appointment(pk)
    context = {"appointment": appointment, "error": describe_last_change(appointment)}
    return render(request, "console/scheduling/_move_conflict.html", context, status=409)
