"""The page on which staff book an appointment for a client."""

from functools import partial
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.clients.models import Client
from portal.clients.services.search import SearchQuery, search_clients, search_similar
from portal.scheduling import services
from portal.scheduling.console.calendar_range import parse_day
from portal.scheduling.console.new_series import book_or_preview_series
from portal.scheduling.console.series_form import RepeatingAppointmentForm
from portal.scheduling.console.staff_booking import (
    book_unless_warned,
    build_staff_query,
    choose_free_calendar,
    find_search_start,
    identify_warnings,
    is_draft,
    list_free_times,
    read_typed_values,
)
from portal.scheduling.models import Appointment, Service, StaffCalendar
from portal.scheduling.services import BookingNeedsConfirmation, ClientHasSeat, SlotQuery
from portal.ui.input_cleaning import clean_text, parse_uuid
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

MAX_RESULTS, MAX_QUERY_LENGTH = 20, 160


@membership_required("appointments.edit", methods=("GET", "POST"))
def book_appointment(request: StaffRequest) -> HttpResponse:
    """Choose a client, then book; a time that breaks rules needs to be confirmed."""
    client = find_chosen_client(request)
    if client is None:
        return render_client_search(request, _("New appointment"))
    offered, calendars = _list_services(), list(StaffCalendar.objects.filter(is_active=True))
    form = _build_form(request, offered, calendars)
    context: dict[str, Any] = {"client": client, "form": form, "services": offered, "calendars": calendars}
    if form.is_valid() and form.rule:
        return book_or_preview_series(request, form, client, _get_chosen_service(form, offered))
    if form.is_valid() and (appointment := _book(request, form, context)):
        messages.success(request, _("Booked."))
        return redirect("console:appointment", business=request.slug, pk=appointment.pk)
    if "find" in request.POST:
        context |= _find_free_times(request, offered, calendars)
    status = 409 if context.get("warnings") else 422 if form.errors else 200
    return render(request, "console/scheduling/new_appointment.html", context, status=status)


def find_chosen_client(request: StaffRequest) -> Client | None:
    """Return the client whom a link or a form names."""
    key = parse_uuid(request.POST.get("client", "") or request.GET.get("client", ""))
    return Client.objects.exclude_unlisted().filter(pk=key).first() if key else None


def _list_services() -> list[Service]:
    return list(services.query_services_with_needs().filter(archived_at=None))


def _build_form(
    request: StaffRequest, offered: list[Service], calendars: list[StaffCalendar]
) -> RepeatingAppointmentForm:
    data = request.POST if request.method == "POST" and not is_draft(request) else None
    typed = read_typed_values(request.POST or request.GET)
    initial = {"day": timezone.localdate(database_clock.now()).isoformat(), **typed}
    zone = ZoneInfo(request.business.time_zone)
    return RepeatingAppointmentForm(data, initial=initial, services=offered, calendars=calendars, zone=zone)


def _get_chosen_service(form: RepeatingAppointmentForm, offered: list[Service]) -> Service:
    return next(each for each in offered if str(each.pk) == form.cleaned_data["service"])


def _book(request: StaffRequest, form: RepeatingAppointmentForm, context: dict[str, Any]) -> Appointment | None:
    """Book what was filled in, or add errors to the form or warnings to the context."""
    now, data = database_clock.now(), form.cleaned_data
    service = _get_chosen_service(form, context["services"])
    query = build_staff_query(request.business, service, form.calendar_id, data["starts_at"])
    calendar_id = choose_free_calendar(query, data["starts_at"], now=now)
    if calendar_id is None:
        form.add_error("calendar", _("Nobody is free at this time. Choose another time, or whose calendar it is."))
        return None
    query = build_staff_query(request.business, service, calendar_id, data["starts_at"])
    book = partial(services.book_for_client, client=context["client"], note=data["note"], staff=request.staff, now=now)
    try:
        return book_unless_warned(book, query, data["starts_at"], accepted=request.POST.get("accepted", ""))
    except BookingNeedsConfirmation as error:
        context |= build_warning_context(query, form, error)
    except ClientHasSeat:
        form.add_error("time", _("This client has a seat at this time already."))
    return None


def build_warning_context(query: SlotQuery, form: Any, error: BookingNeedsConfirmation) -> dict[str, Any]:
    """Return what the page shows of warnings, and what it sends back when they are accepted."""
    accepted = identify_warnings(query, form.cleaned_data["starts_at"], error.warnings)
    return {"warnings": [warning.label for warning in error.warnings], "accepted": accepted}


def _find_free_times(request: StaffRequest, offered: list[Service], calendars: list[StaffCalendar]) -> dict[str, Any]:
    """Return the next free times of the service that is chosen."""
    now, typed = database_clock.now(), request.POST
    service = next((each for each in offered if str(each.pk) == typed.get("service")), None)
    if service is None:
        return {}
    start = find_search_start(parse_day(typed.get("day", "")), request.business, now=now)
    query = build_staff_query(request.business, service, parse_uuid(typed.get("calendar", "")), start)
    return {"is_search": True, "free_times": list_free_times(query, calendars, now=now)}


def render_client_search(request: StaffRequest, heading: str) -> HttpResponse:
    """Show the clients who match what was typed, each with a link that goes on with the page of this heading."""
    typed = clean_text(request.GET.get("q", ""), max_length=MAX_QUERY_LENGTH)
    query, now, country = SearchQuery(text=typed), database_clock.now(), request.business.country
    found = list(search_clients(query, country=country, now=now).order_by("search", "pk")[:MAX_RESULTS])
    found = found or search_similar(query, country=country, now=now)
    prefetch_related_objects(found, "contacts")
    kept = {name: value for name, value in read_typed_values(request.GET).items() if name != "client"}
    context = {"heading": heading, "typed": typed, "found": found, "kept": kept, "kept_query": urlencode(kept)}
    return render(request, "console/scheduling/choose_client.html", context)
