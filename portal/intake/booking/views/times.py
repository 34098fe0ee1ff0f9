"""The page on which a visitor chooses whose calendar, a day and a time."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.access.network_limits import rate_limit, set_retry_after
from portal.access.request_types import SessionRequest
from portal.intake.booking.hold_tokens import HoldToken, sign_hold_token
from portal.intake.booking.places import BookingPlace
from portal.intake.booking.views.services import render_missing_service
from portal.intake.booking.views.slot_holds import build_query, hold_time, list_other_slots
from portal.intake.booking.views.visits import BookingVisit, build_visit, find_zone
from portal.intake.form_tokens import InvalidFormToken, issue_form_token, verify_form_token
from portal.scheduling.booking_pages import build_month_page, build_time_choices, parse_day, parse_month, parse_start
from portal.scheduling.models import Service, StaffCalendar
from portal.scheduling.services import SlotUnavailable, TooManyHolds
from portal.ui.time_zones import group_zones_by_region

# The years in which anything can be booked; others can't be shown by every zone's clocks.
YEARS = range(2000, 3000)


@dataclass(frozen=True)
class TimesChoice:
    """What an address or a form chooses: a calendar of the service, or anybody's. `problem` says what it can't."""

    service: Service
    calendars: list[StaffCalendar]
    calendar_id: UUID | None
    query_string: str
    problem: str = ""
    status: int = 200


@require_safe
@rate_limit("booking-times", "BOOKING_TIMES_PER_IP", methods=("GET", "HEAD"))
def choose_time(request: SessionRequest, place: BookingPlace, pk: UUID) -> HttpResponse:
    """Show a month with its free days, and the times of the chosen or the first free day."""
    visit = build_visit(request, place, zone_name=request.GET.get("zone", ""))
    service = visit.find_service(pk)
    if service is None:
        return render_missing_service(visit)
    return render_times(visit, _read_choice(visit, service))


@require_POST
@rate_limit("booking-hold", "BOOKING_HOLDS_PER_IP")
def hold_chosen_time(request: SessionRequest, place: BookingPlace, pk: UUID) -> HttpResponse:
    """Hold the chosen time for ten minutes, and go on to the form. A double click is one hold."""
    visit = build_visit(request, place, zone_name=request.POST.get("zone", ""))
    service = visit.find_service(pk)
    if service is None:
        return render_missing_service(visit)
    return _hold_time(visit, _read_choice(visit, service))


def render_times(visit: BookingVisit, choice: TimesChoice, *, status: int = 0, **context: Any) -> HttpResponse:
    """Return the page of a month; the address names the month, the day and the zone."""
    parameters = visit.request.GET
    page = build_month_page(
        build_query(visit, choice.service, choice.calendar_id),
        month=parameters.get("month", ""),
        day=parameters.get("day", ""),
        zone=visit.zone,
        now=visit.now,
    )
    context |= _build_choice_context(visit, choice)
    context |= {"page": page, "is_other_zone": any(time.business_label for time in page.times)}
    return visit.render("times", status=status or choice.status, **context)


def render_other_times(visit: BookingVisit, choice: TimesChoice, token: HoldToken) -> HttpResponse:
    """Say that a time has gone, and offer the nearest free ones."""
    query = build_query(visit, choice.service, choice.calendar_id)
    slots = list_other_slots(visit, query, token.starts_at)
    times = build_time_choices(slots, query, visit.zone)
    context = _build_choice_context(visit, choice)
    return visit.render("other_times", times=times, wanted_at=token.starts_at, status=409, **context)


def choose_calendar(visit: BookingVisit, service: Service, calendar_id: UUID | None) -> TimesChoice:
    """Return the choice of a calendar, or of anybody's where it doesn't give the service any more."""
    calendars = list(StaffCalendar.objects.filter(pk__in=service.calendar_ids))
    known = calendar_id if calendar_id in service.calendar_ids else None
    chosen = {"staff": known or "", "zone": visit.stored_zone}
    query_string = urlencode({name: value for name, value in chosen.items() if value})
    return TimesChoice(service, calendars, known, query_string)


def _read_choice(visit: BookingVisit, service: Service) -> TimesChoice:
    parameters = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    wanted = parameters.get("staff", "")
    choice = choose_calendar(visit, service, _parse_key(wanted))
    if wanted and choice.calendar_id is None:
        text = _("Who you chose doesn’t give this service. These are the times of everybody who does.")
        return _with_problem(choice, text, 404)
    readers = {"day": parse_day, "month": parse_month, "zone": find_zone}
    if any(value and not read(value) for name, read in readers.items() if (value := parameters.get(name, ""))):
        return _with_problem(choice, _("We could not read this link. These are the next free times."), 422)
    return choice


def _with_problem(choice: TimesChoice, problem: str, status: int) -> TimesChoice:
    return replace(choice, problem=problem, status=status)


def _hold_time(visit: BookingVisit, choice: TimesChoice) -> HttpResponse:
    if choice.problem:
        return render_times(visit, choice)
    fields, business = visit.request.POST, visit.business
    starts_at = parse_start(fields.get("starts_at", ""))
    if starts_at is None or starts_at.year not in YEARS:
        return render_times(visit, _with_problem(choice, _("Choose one of these times."), 422))
    try:
        form_token = verify_form_token(
            fields.get("form_token", ""), business, min_fill_time=timedelta(0), now=visit.now
        )
    except InvalidFormToken:
        text = _("This page has been open for too long. Please choose a time again.")
        return render_times(visit, _with_problem(choice, text, 422))
    key, service_id = form_token.idempotency_key, choice.service.pk
    return _hold_for_token(visit, choice, HoldToken(key, service_id, starts_at, choice.calendar_id, visit.now))


def _hold_for_token(visit: BookingVisit, choice: TimesChoice, token: HoldToken) -> HttpResponse:
    query = build_query(visit, choice.service, choice.calendar_id)
    try:
        appointment = hold_time(visit, query, token.starts_at, token.hold_key)
    except SlotUnavailable:
        return render_other_times(visit, choice, token)
    except TooManyHolds as refusal:
        response = render_times(visit, choice, retry_at=refusal.retry_at, status=429)
        return set_retry_after(response, refusal.retry_at)
    if appointment.hold_key is None:
        text = _("You have an appointment at this time already.")
        return render_times(visit, _with_problem(choice, text, 409))
    held = replace(token, hold_key=appointment.hold_key)
    return redirect(visit.place.build_url("hold", sign_hold_token(held, visit.business)))


def _build_choice_context(visit: BookingVisit, choice: TimesChoice) -> dict[str, Any]:
    return {
        "choice": choice,
        "service": choice.service,
        "form_token": issue_form_token(visit.business, now=visit.now),
        "holds_url": visit.place.build_url("holds", choice.service.pk),
        "times_url": visit.place.build_url("times", choice.service.pk),
        "zone_choices": group_zones_by_region(),
    }


def _parse_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
