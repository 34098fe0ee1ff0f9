"""The pages of a time that is held: the form that books it, what became of it, and the way back."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.network_limits import rate_limit, set_retry_after
from portal.access.request_types import SessionRequest
from portal.intake.booking.forms import BookingForm
from portal.intake.booking.hold_tokens import sign_hold_token
from portal.intake.booking.places import BookingPlace
from portal.intake.booking.views.calendar_download import build_calendar_file
from portal.intake.booking.views.confirmations import build_confirmation
from portal.intake.booking.views.services import render_missing_service
from portal.intake.booking.views.slot_holds import HeldTime, find_held_time, hold_again
from portal.intake.booking.views.times import choose_calendar, render_other_times
from portal.intake.booking.views.visits import BookingVisit, build_visit
from portal.intake.form_limits import BOOKING_LIMITS, TooManyForms, check_form_limit
from portal.intake.form_tokens import issue_wait_token
from portal.intake.views import build_form_sender
from portal.scheduling.models import Appointment, AppointmentState, ClientPackage, Service
from portal.scheduling.services import SlotUnavailable, TooManyHolds, book_hold, query_usable_packages, release_hold


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("booking", "BOOKINGS_PER_IP")
def book_held_time(request: SessionRequest, place: BookingPlace, token: str) -> HttpResponse:
    """Show the form of a time that is held, and book it. The answer is the same for known and unknown addresses."""
    visit, held = _find_visit(request, place, token)
    if held.is_booked:
        return redirect(request.path) if request.method == "POST" else _render_confirmation(visit, held)
    service = visit.find_service(held.token.service_id)
    if service is None:
        return render_missing_service(visit, status=409)
    if request.method == "POST":
        return _submit_form(visit, held, service)
    if held.appointment is None:
        return _render_gone(visit, held, service)
    return _render_form(visit, held, service, _build_form(visit, held, service))


@require_POST
@rate_limit("booking-hold", "BOOKING_HOLDS_PER_IP")
def release_held_time(request: SessionRequest, place: BookingPlace, token: str) -> HttpResponse:
    """Free a time that is held, and go back to the others of its day; one that is booked stays."""
    visit, held = _find_visit(request, place, token)
    release_hold(hold_key=held.token.hold_key)
    service = visit.find_service(held.token.service_id)
    if service is None:
        return redirect(place.services_url)
    day = held.token.starts_at.astimezone(visit.zone).date()
    query_string = choose_calendar(visit, service, held.token.calendar_id).query_string
    return redirect(f"{place.build_url('times', service.pk)}?day={day}{'&' if query_string else ''}{query_string}")


@require_safe
def download_calendar_file(request: SessionRequest, place: BookingPlace, token: str) -> HttpResponse:
    """Return the appointment as a file for the visitor's own calendar."""
    visit, held = _find_visit(request, place, token)
    if held.appointment is None or not held.is_booked or not build_confirmation(visit, held.appointment).is_open:
        raise Http404
    response = HttpResponse(build_calendar_file(visit, held.appointment), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


def _find_visit(request: SessionRequest, place: BookingPlace, token: str) -> tuple[BookingVisit, HeldTime]:
    """Return the visit, by the clocks that were chosen before, and what is held. Raises Http404."""
    visit = build_visit(request, place)
    held = find_held_time(visit, token)
    if held is None:
        raise Http404
    zone_name = held.appointment.time_zone if held.appointment else ""
    return (build_visit(request, place, zone_name=zone_name), held) if zone_name else (visit, held)


def _submit_form(visit: BookingVisit, held: HeldTime, service: Service) -> HttpResponse:
    form = _build_form(visit, held, service)
    if not form.is_valid():
        return _render_form(visit, held, service, form, status=422)
    try:
        booked = _book(visit, held, form)
    except SlotUnavailable:
        return _render_gone(visit, held, service)
    except (TooManyForms, TooManyHolds) as refusal:
        return _refuse_form(visit, held, service, form, refusal)
    return _redirect_to_booked(visit, held, booked)


def _book(visit: BookingVisit, held: HeldTime, form: BookingForm) -> Appointment:
    """Book what is held, or hold it again first, and return what the visitor has of the time then.

    A client may have it by another page or by staff. Raises SlotUnavailable, TooManyForms and TooManyHolds.
    """
    key, knows_visitor = held.token.hold_key, visit.place.knows_visitor
    sender = build_form_sender(visit.request, key, knows_visitor=knows_visitor, now=visit.now)
    check_form_limit(visit.business, sender, limits=BOOKING_LIMITS, now=visit.now)
    appointment = held.appointment or hold_again(visit, held.token, form.service)
    if appointment.state != AppointmentState.HELD:
        return appointment
    assert appointment.hold_key, "what is held has a key"
    details = form.build_details(language=translation.get_language() or "")
    key = appointment.hold_key
    return book_hold(hold_key=key, details=details, client=visit.client, rules=visit.rules, now=visit.now)


def _redirect_to_booked(visit: BookingVisit, held: HeldTime, booked: Appointment) -> HttpResponse:
    """Go to the page of what was booked: that of its hold, or the client's own where staff booked it."""
    if booked.hold_key is None:
        return redirect("scheduling:appointment", pk=booked.pk)
    token = replace(held.token, hold_key=booked.hold_key)
    return redirect(visit.place.build_url("hold", sign_hold_token(token, visit.business)))


def _build_form(visit: BookingVisit, held: HeldTime, service: Service) -> BookingForm:
    return BookingForm(
        visit.request.POST if visit.request.method == "POST" else None,
        service=service,
        questions=list(service.questions.all()),
        business=visit.business,
        is_client=visit.is_client,
        issued_at=held.token.issued_at,
        now=visit.now,
    )


def _refuse_form(
    visit: BookingVisit, held: HeldTime, service: Service, form: BookingForm, refusal: TooManyForms | TooManyHolds
) -> HttpResponse:
    """Say when to send the form again, and keep what was typed."""
    context: dict[str, Any] = {"retry_at": refusal.retry_at}
    if isinstance(refusal, TooManyForms) and refusal.is_wait:
        context |= {"is_wait": True, "wait_token": issue_wait_token(held.token.hold_key, now=visit.now)}
    return set_retry_after(_render_form(visit, held, service, form, status=429, **context), refusal.retry_at)


def _render_form(
    visit: BookingVisit, held: HeldTime, service: Service, form: BookingForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    ends_at = held.appointment.hold_expires_at if held.appointment else None
    context = {"wait_token": visit.request.POST.get("wait_token", "")} | context
    context |= {"form": form, "service": service, "held": held, "starts_at": held.token.starts_at}
    context |= {"held_until": ends_at if ends_at and ends_at > visit.now else None}
    context |= {"is_trapped": "leave_empty" in form.errors}
    context |= {"release_url": visit.place.build_url("hold-release", held.text)}
    context |= {"package": _find_package(visit, held)}
    return visit.render("details", status=status, **context)


def _find_package(visit: BookingVisit, held: HeldTime) -> ClientPackage | None:
    """Return the client's package of which this booking would use a session."""
    if visit.client is None:
        return None
    return query_usable_packages(visit.client.pk, held.token.service_id, held.token.starts_at).first()


def _render_gone(visit: BookingVisit, held: HeldTime, service: Service) -> HttpResponse:
    """Say that a time has gone, and offer the nearest free ones."""
    return render_other_times(visit, choose_calendar(visit, service, held.token.calendar_id), held.token)


def _render_confirmation(visit: BookingVisit, held: HeldTime) -> HttpResponse:
    assert held.appointment
    calendar_url = visit.place.build_url("hold-calendar", held.text)
    confirmation = build_confirmation(visit, held.appointment)
    return visit.render("confirmation", confirmation=confirmation, calendar_url=calendar_url)
