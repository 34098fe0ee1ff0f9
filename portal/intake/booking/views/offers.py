"""The page of a time that is offered to a client who waits, who accepts or declines it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from portal.access.network_limits import rate_limit
from portal.access.request_types import ClientSessionRequest
from portal.clients.decorators import client_required
from portal.intake.booking.forms import BookingForm
from portal.intake.booking.places import PORTAL_PLACE
from portal.intake.booking.views.slot_holds import build_query, list_other_slots
from portal.intake.booking.views.visits import BookingVisit, build_visit
from portal.scheduling.appointment_pages import AppointmentPage
from portal.scheduling.booking_pages import build_time_choices
from portal.scheduling.models import OfferState, WaitingListOffer
from portal.scheduling.services import query_services_with_needs
from portal.scheduling.services.waiting_list import answers
from portal.scheduling.services.waiting_list.answers import OfferOver

CONFLICT = 409


@require_safe
@client_required
def show_offer(request: ClientSessionRequest, pk: UUID) -> HttpResponse:
    """Show what is offered and until when, with what the service asks; or what became of the offer."""
    visit, offer = _find_offer(request, pk)
    if not answers.is_open(offer, now=visit.now):
        return _render_over(visit, offer)
    return _render_offer(visit, offer, _build_form(visit, offer))


@require_POST
@client_required
@rate_limit("booking", "BOOKINGS_PER_IP")
def accept_offer(request: ClientSessionRequest, pk: UUID) -> HttpResponse:
    """Book what is offered, as any other time is booked. A double click is one booking."""
    visit, offer = _find_offer(request, pk)
    if offer.state == OfferState.ACCEPTED or not answers.is_open(offer, now=visit.now):
        return _render_over(visit, offer, status=CONFLICT)
    form = _build_form(visit, offer)
    if not form.is_valid():
        return _render_offer(visit, offer, form, status=422)
    details = form.build_details(language=translation.get_language() or "")
    fields: dict[str, Any] = {"client": request.client, "details": details, "rules": visit.rules, "now": visit.now}
    try:
        booked = answers.accept_offer(offer_id=pk, **fields)
    except (OfferOver, WaitingListOffer.DoesNotExist):
        return _render_over(*_find_offer(request, pk), status=CONFLICT)
    return redirect("scheduling:appointment", pk=booked.pk)


@require_POST
@client_required
def decline_offer(request: ClientSessionRequest, pk: UUID) -> HttpResponse:
    """Let go what is offered, and go back to the client's appointments, where they wait on."""
    visit, offer = _find_offer(request, pk)
    try:
        answers.decline_offer(offer_id=pk, client=request.client, now=visit.now)
    except OfferOver:
        return _render_over(visit, offer, status=CONFLICT)
    return redirect("scheduling:appointments")


def _find_offer(request: ClientSessionRequest, pk: UUID) -> tuple[BookingVisit, WaitingListOffer]:
    """Return the visit and the client's offer. Raises Http404."""
    try:
        return build_visit(request, PORTAL_PLACE), answers.get_own_offer(request.client, pk)
    except WaitingListOffer.DoesNotExist as error:
        raise Http404 from error


def _build_form(visit: BookingVisit, offer: WaitingListOffer) -> BookingForm:
    service = offer.entry.service
    return BookingForm(
        visit.request.POST if visit.request.method == "POST" else None,
        service=service,
        questions=list(service.questions.all()),
        business=visit.business,
        is_client=True,
        issued_at=visit.now,
        now=visit.now,
    )


def _render_offer(
    visit: BookingVisit, offer: WaitingListOffer, form: BookingForm, *, status: int = 200
) -> HttpResponse:
    hold = offer.appointment
    assert hold, "an open offer holds a time"
    page = AppointmentPage(hold, visit.business, visit.rules, visit.zone, visit.now)
    context = {"offer": offer, "form": form, "page": page, "service": offer.entry.service}
    return visit.render("offer", status=status, **context)


def _render_over(visit: BookingVisit, offer: WaitingListOffer, *, status: int = 200) -> HttpResponse:
    """Lead to what was booked; or say that the offer is over, with the nearest free times."""
    if offer.state == OfferState.ACCEPTED and offer.appointment:
        return redirect("scheduling:appointment", pk=offer.appointment.pk)
    service = visit.find_service(offer.entry.service_id)
    context: dict[str, Any] = {"offer": offer, "service": offer.entry.service, "times": _list_times(visit, offer)}
    context["times_url"] = visit.place.build_url("times", service.pk) if service else ""
    return visit.render("offer_over", status=status, **context)


def _list_times(visit: BookingVisit, offer: WaitingListOffer) -> list[Any]:
    """Return the free times nearest to what was offered."""
    wanted_at: datetime = offer.starts_at
    service = query_services_with_needs().get(pk=offer.entry.service_id)
    query = build_query(visit, service, offer.entry.calendar_id)
    return build_time_choices(list_other_slots(visit, query, wanted_at), query, visit.zone)
