"""A client's own appointments as the client API lists, shows and books them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import translation

from api.portal.appointments.answers import read_answers
from api.portal.appointments.serializers import AppointmentSerializer
from api.protocol.problems import build_field_problem
from api.scheduling.appointments.appointment_queries import present_answers
from api.scheduling.fields import present_price
from api.scheduling.references import present_reference
from portal.clients.models import Client
from portal.intake.form_limits import BOOKING_LIMITS, FormSender, TooManyForms, check_form_limit
from portal.scheduling import services
from portal.scheduling.calendar_events import get_shown_place
from portal.scheduling.models import Appointment, AppointmentSource, AppointmentState, SchedulingSettings, Service
from portal.scheduling.models.appointment import OPEN_STATES
from portal.scheduling.services import BookingDetails, HoldRequest, SlotQuery
from tenants.client_ip import get_client_network_block
from tenants.request_types import PortalRequest
from tenants.sliding_windows import RateLimitExceeded

COLUMNS = ("id", "version", "state", "starts_at", "ends_at", "reason", "proposed_starts_at", "created_at")


def filter_coming(found: QuerySet[Appointment], is_coming: str, *, now: datetime) -> QuerySet[Appointment]:
    """Return those still to come (`yes`), the others (`no`), or all."""
    coming = Q(state__in=OPEN_STATES, ends_at__gt=now)
    return found.filter({"yes": coming, "no": ~coming}.get(is_coming, Q()))


def get_own_appointment(client: Client, appointment_id: UUID) -> Appointment:
    """Return an appointment of a client's. Raises Http404."""
    return get_object_or_404(services.query_own_appointments(client), pk=appointment_id)


def present_own_appointment(appointment: Appointment, rules: SchedulingSettings, *, now: datetime) -> dict[str, Any]:
    """Return what a client is shown of an appointment."""
    shown = {name: getattr(appointment, name) for name in COLUMNS} | {
        "service": present_reference(appointment.service),
        "staff": present_reference(appointment.entry.calendar),
        "answers": present_answers(appointment),
        "price": present_price(appointment.price_amount, appointment.price_currency),
        "location": get_shown_place(appointment),
        "can_reschedule": services.can_reschedule(appointment, rules, now=now),
        "can_cancel": services.is_window_open(appointment, rules.cancel_window, now=now),
    }
    return dict(AppointmentSerializer(shown).data)


def read_details(service: Service, values: Mapping[str, Any]) -> BookingDetails:
    """Return what a client fills in to book a service. Raises ApiProblem."""
    if service.policy_text and not values["accepts_policy"]:
        raise build_field_problem("accepts_policy", "required", "Accept the policy of this service to book it.")
    return BookingDetails(
        note=values["note"],
        answers=read_answers(service, values["answers"]),
        accepted_policy=service.policy_text,
        language=translation.get_language() or "",
    )


def check_booking_limit(request: PortalRequest, client: Client, *, now: datetime) -> None:
    """Count a booking towards the limits that it shares with the booking page. Raises RateLimitExceeded.

    The wait by which strangers show that they are no program is not asked of a client's program.
    """
    sender = FormSender(
        block=get_client_network_block(request), has_waited=True, is_client=True, identify=lambda: str(client.pk)
    )
    try:
        check_form_limit(request.business, sender, limits=BOOKING_LIMITS, now=now)
    except TooManyForms as refusal:
        raise RateLimitExceeded(refusal.retry_at) from refusal


@transaction.atomic
def book(
    query: SlotQuery, starts_at: datetime, *, details: BookingDetails, client: Client, now: datetime
) -> Appointment:
    """Hold a time that is offered and book it, or return what the client has of it already. Raises SlotUnavailable."""
    request = HoldRequest(
        key=uuid4(),
        source=AppointmentSource.API,
        client=client,
        time_zone=client.time_zone,
        language=details.language,
    )
    held = services.hold_slot(query, starts_at, request, now=now)
    if held.state != AppointmentState.HELD:
        return held
    assert held.hold_key, "what is held has a key, be it of another page of the client's"
    return services.book_hold(hold_key=held.hold_key, details=details, client=client, rules=query.rules, now=now)
