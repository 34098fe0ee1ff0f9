"""The pages on which clients move and cancel their appointments."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.clients.decorators import client_required
from portal.clients.request_types import ClientRequest
from portal.scheduling import services
from portal.scheduling.appointment_pages import (
    AppointmentPage,
    build_move_query,
    build_proposal_query,
    format_day,
    get_booking_url,
)
from portal.scheduling.booking_pages import build_month_page, build_time_choices, format_start, parse_start
from portal.scheduling.cancellation_form import CancellationForm
from portal.scheduling.models import Appointment
from portal.scheduling.services import AppointmentChanged, ChangeWindowClosed, SlotQuery, SlotUnavailable
from portal.scheduling.views.appointments import build_appointment_page, get_own_appointment, render_appointment
from tenants import database_clock

CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def change_time(request: ClientRequest, pk: UUID) -> HttpResponse:
    """Show the times to which an appointment can be moved, ask about the chosen one, and move it."""
    now = database_clock.now()
    page = build_appointment_page(request, get_own_appointment(request, pk), now=now)
    if request.method == "POST":
        return _move(request, page)
    if not page.can_reschedule:
        return render(request, "portal/scheduling/closed.html", {"page": page, "is_move": True})
    if starts_at := parse_start(request.GET.get("at", "")):
        return _render_confirmation(request, page, starts_at)
    return _render_times(request, page)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def cancel_appointment(request: ClientRequest, pk: UUID) -> HttpResponse:
    """Ask whether an appointment shall be cancelled, and cancel it."""
    now = database_clock.now()
    page = build_appointment_page(request, get_own_appointment(request, pk), now=now)
    form = CancellationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _cancel(request, page, form.cleaned_data["reason"])
    if not page.can_cancel:
        return render(request, "portal/scheduling/closed.html", {"page": page})
    context = {"page": page, "form": form}
    return render(request, "portal/scheduling/cancellation.html", context, status=422 if form.errors else 200)


@require_POST
@client_required
def book_proposal(request: ClientRequest, pk: UUID) -> HttpResponse:
    """Book the time that staff proposed when they declined an appointment."""
    now = database_clock.now()
    page = build_appointment_page(request, get_own_appointment(request, pk), now=now)
    query = build_proposal_query(page)
    proposed_at = page.appointment.proposed_starts_at or now
    try:
        booked = services.book_proposed_time(query, appointment=page.appointment, client=request.client, now=now)
    except AppointmentChanged:
        return _refuse(request, page.appointment, _("No other time is proposed for this appointment."), now=now)
    except SlotUnavailable:
        return _render_gone(request, page, query, proposed_at)
    return redirect("scheduling:appointment", pk=booked.pk)


def _move(request: ClientRequest, page: AppointmentPage) -> HttpResponse:
    starts_at = parse_start(request.POST.get("starts_at", ""))
    if starts_at is None:
        return _render_times(request, page, status=422)
    query, pk = build_move_query(page), page.appointment.pk
    try:
        if not page.can_reschedule and page.appointment.starts_at != starts_at:
            raise ChangeWindowClosed
        services.reschedule_own_appointment(query, starts_at, appointment_id=pk, client=request.client, now=page.now)
    except SlotUnavailable:
        return _render_gone(request, page, query, starts_at)
    except ChangeWindowClosed:
        return render(request, "portal/scheduling/closed.html", {"page": page, "is_move": True}, status=CONFLICT)
    except AppointmentChanged:
        return _refuse_change(request, pk, now=page.now)
    except Appointment.DoesNotExist as error:
        raise Http404 from error
    return redirect("scheduling:appointment", pk=pk)


def _cancel(request: ClientRequest, page: AppointmentPage, reason: str) -> HttpResponse:
    pk = page.appointment.pk
    try:
        services.cancel_own_appointment(
            appointment_id=pk, client=request.client, rules=page.rules, reason=reason, now=page.now
        )
    except ChangeWindowClosed:
        return render(request, "portal/scheduling/closed.html", {"page": page}, status=CONFLICT)
    except AppointmentChanged:
        return _refuse_change(request, pk, now=page.now)
    except Appointment.DoesNotExist as error:
        raise Http404 from error
    return redirect("scheduling:appointment", pk=pk)


def _render_times(request: ClientRequest, page: AppointmentPage, *, status: int = 200) -> HttpResponse:
    month = build_month_page(
        build_move_query(page),
        month=request.GET.get("month", ""),
        day=request.GET.get("day", ""),
        zone=timezone.get_current_timezone(),
        now=page.now,
    )
    day = format_day(month.chosen_on) if month.chosen_on else ""
    context = {"page": page, "month": month, "day": day, "is_incomplete": status != 200}
    return render(request, "portal/scheduling/time.html", context, status=status)


def _render_confirmation(request: ClientRequest, page: AppointmentPage, starts_at: datetime) -> HttpResponse:
    """Ask whether the appointment shall be moved to a time; whether it is free is decided when it is moved."""
    duration = timedelta(minutes=page.appointment.service.duration)
    context = {"page": page, "time": page.show_time(starts_at, duration), "starts_at": format_start(starts_at)}
    context["ends_package"] = page.ends_package(starts_at)
    return render(request, "portal/scheduling/move.html", context)


def _render_gone(request: ClientRequest, page: AppointmentPage, query: SlotQuery, starts_at: datetime) -> HttpResponse:
    """Say that a time has gone, and offer the nearest ones."""
    slots = services.list_nearest_slots(query, starts_at, now=page.now)
    context = {
        "page": page,
        "times": build_time_choices(slots, query, timezone.get_current_timezone()),
        "booking_url": get_booking_url(page.appointment.service_id),
    }
    return render(request, "portal/scheduling/gone.html", context, status=CONFLICT)


def _refuse_change(request: ClientRequest, pk: UUID, *, now: datetime) -> HttpResponse:
    """Show the appointment as it is by now: it is cancelled already, answered otherwise, or over."""
    text = _("The appointment has changed in the meantime, or is over. This is how it stands now.")
    return _refuse(request, get_own_appointment(request, pk), text, now=now)


def _refuse(request: ClientRequest, appointment: Appointment, refusal: str, *, now: datetime) -> HttpResponse:
    return render_appointment(request, appointment, refusal=refusal, status=CONFLICT, now=now)
