"""Turn a hold into an appointment, or a request for one that staff answer."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from portal.clients.models import Client
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment, AppointmentState, MatchResult, SchedulingSettings, Visibility
from portal.scheduling.models.appointment import SEATED_STATES
from portal.scheduling.services.appointment_acceptance import decide_state
from portal.scheduling.services.appointment_events import record_appointment_event
from portal.scheduling.services.appointment_matching import enqueue_matching
from portal.scheduling.services.holds import release_hold
from portal.scheduling.services.slots import SlotUnavailable

EVENT_TYPE_BY_STATE = {
    AppointmentState.CONFIRMED: SchedulingEvent.APPOINTMENT_CONFIRMED,
    AppointmentState.REQUESTED: SchedulingEvent.APPOINTMENT_REQUESTED,
}


@dataclass(frozen=True)
class BookingDetails:
    """What somebody fills in to book; name and addresses are empty for clients who have signed in.

    `answers` pairs the text of each question with its answer.
    """

    name: str = ""
    email: str = ""
    mobile: str = ""
    note: str = ""
    answers: list[tuple[str, str]] = field(default_factory=list)
    accepts_policy: bool = False
    language: str = ""


@transaction.atomic
def book_hold(
    *, hold_key: UUID, details: BookingDetails, client: Client | None, rules: SchedulingSettings, now: datetime
) -> Appointment:
    """Book what a page holds, once however often it is sent. Raises SlotUnavailable where the hold is gone.

    A hold that has expired can be booked for as long as nobody else has taken its time.
    """
    appointment = _lock_hold(hold_key)
    if appointment.state != AppointmentState.HELD:
        return appointment
    if not _is_still_offered(appointment, client, now=now):
        raise SlotUnavailable
    if same := _find_same_seat(appointment, client):
        release_hold(hold_key=hold_key)
        return same
    _fill_in(appointment, details, client, now=now)
    appointment.state = decide_state(appointment, rules)
    appointment.save()
    event_type = EVENT_TYPE_BY_STATE[AppointmentState(appointment.state)]
    record_appointment_event(event_type, appointment, is_by_client=True, now=now)
    if client is None:
        enqueue_matching(appointment_id=appointment.pk)
    return appointment


def _lock_hold(hold_key: UUID) -> Appointment:
    rows = Appointment.objects.select_for_update(of=["self"], no_key=True).select_related(
        "service", "entry__calendar", "client"
    )
    if appointment := rows.filter(hold_key=hold_key).first():
        return appointment
    raise SlotUnavailable


def _is_still_offered(appointment: Appointment, client: Client | None, *, now: datetime) -> bool:
    """Return whether the service can still be booked: staff may have withdrawn it while the form was filled in."""
    service = appointment.service
    visible = (Visibility.PUBLIC, Visibility.CLIENTS) if client else (Visibility.PUBLIC,)
    return service.archived_at is None and service.visibility in visible and appointment.starts_at > now


def _find_same_seat(hold: Appointment, client: Client | None) -> Appointment | None:
    """Return the seat that a client who signed in after holding this one has already in the same entry."""
    if client is None:
        return None
    seats = Appointment.objects.filter(entry=hold.entry_id, client=client, state__in=SEATED_STATES)
    return seats.exclude(pk=hold.pk).select_related("service", "entry__calendar", "client").first()


def _fill_in(appointment: Appointment, details: BookingDetails, client: Client | None, *, now: datetime) -> None:
    values: dict[str, Any] = {
        "client": client,
        "contact_name": details.name,
        "contact_email": details.email,
        "contact_mobile": details.mobile,
        "note": details.note,
        "answers": [list(pair) for pair in details.answers],
        "hold_expires_at": None,
        "network_digest": b"",
        "match_result": "" if client else MatchResult.PENDING,
        "updated_at": now,
    }
    if details.language:
        values["language"] = details.language
    if details.accepts_policy and appointment.service.policy_text:
        values |= {"policy_text": appointment.service.policy_text, "policy_accepted_at": now}
    for name, value in values.items():
        setattr(appointment, name, value)
