"""The pages on which clients read their appointments."""

from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.clients.decorators import client_required
from portal.clients.request_types import ClientRequest
from portal.scheduling import services
from portal.scheduling.appointment_pages import AppointmentPage, get_booking_url
from portal.scheduling.calendar_events import EventContext, build_client_event
from portal.scheduling.calendar_files import build_download
from portal.scheduling.models import Appointment
from portal.scheduling.services.waiting_list.entry_queries import query_own_entries
from portal.scheduling.waiting_list_pages import WaitingPage, build_waiting_pages
from portal.ui.pager_links import build_numbered_pager_links
from tenants import database_clock

PAST_PER_PAGE = 20
# Nobody has so many to come; a client who does reads them in their calendar.
MAX_COMING = 100


@require_safe
@client_required
def list_appointments(request: ClientRequest) -> HttpResponse:
    """List what is to come and what has been."""
    now = database_clock.now()
    own = services.query_own_appointments(request.client)
    today = services.get_business_day(now)
    coming = own.coming(now).order_by("starts_at", "pk")[:MAX_COMING]
    past = Paginator(own.not_coming(now).order_by("-starts_at", "pk"), PAST_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "coming": [build_appointment_page(request, one, now=now) for one in coming],
        "past": [build_appointment_page(request, one, now=now) for one in past],
        "pager": build_numbered_pager_links(past, fragment="past"),
        "booking_url": get_booking_url(),
        "packages": services.query_own_packages(request.client, today)[:MAX_COMING],
        "waiting": _list_waiting(request, now=now),
    }
    return render(request, "portal/scheduling/appointments.html", context)


@require_safe
@client_required
def show_appointment(request: ClientRequest, pk: UUID) -> HttpResponse:
    """Show one appointment, and what its client can do about it."""
    return render_appointment(request, get_own_appointment(request, pk), now=database_clock.now())


@require_safe
@client_required
def download_calendar_file(request: ClientRequest, pk: UUID) -> HttpResponse:
    """Return the file that adds an appointment to a calendar."""
    appointment = get_own_appointment(request, pk)
    context = EventContext.build(request.business, timezone.get_current_timezone_name())
    response = HttpResponse(build_download(build_client_event(appointment, context)), "text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


def get_own_appointment(request: ClientRequest, pk: UUID) -> Appointment:
    """Return an appointment of the client who has signed in. Raises Http404 for one of somebody else."""
    appointment = services.query_own_appointments(request.client).filter(pk=pk).first()
    if appointment is None:
        raise Http404
    return appointment


def build_appointment_page(request: ClientRequest, appointment: Appointment, *, now: datetime) -> AppointmentPage:
    """Return what pages say of an appointment, by the clocks of the request's time zone."""
    rules = services.get_scheduling_settings(request.business)
    zone = timezone.get_current_timezone()
    return AppointmentPage(appointment, request.business, rules, zone, now)


def render_appointment(
    request: ClientRequest, appointment: Appointment, *, refusal: str = "", status: int = 200, now: datetime
) -> HttpResponse:
    """Return the page of an appointment; `refusal` says why what was asked for could not be done."""
    context = {
        "page": build_appointment_page(request, appointment, now=now),
        "booking_url": get_booking_url(),
        "booked_proposal": services.get_booked_proposal(appointment),
        "refusal": refusal,
    }
    return render(request, "portal/scheduling/appointment.html", context, status=status)


def _list_waiting(request: ClientRequest, *, now: datetime) -> list[WaitingPage]:
    """Return what the client waits for, with what they are offered."""
    own = query_own_entries(request.client).on_list()
    return build_waiting_pages(own, request.business, timezone.get_current_timezone(), now=now)
