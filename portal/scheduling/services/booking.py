"""Turn a hold into an appointment, or a request for one that staff answer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from portal.clients.models import Client
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment, AppointmentSource, AppointmentState, MatchResult, SchedulingSettings
from portal.scheduling.models.appointment import SEATED_STATES
from portal.scheduling.services.appointment_acceptance import decide_state
from portal.scheduling.services.appointment_events import record_appointment_event
from portal.scheduling.services.appointment_locks import lock_client, lock_first
from portal.scheduling.services.appointment_matching import enqueue_matching
from portal.scheduling.services.expired_holds import delete_hold
from portal.scheduling.services.package_sessions import reserve_session
from portal.scheduling.services.slots import SlotUnavailable

EVENT_TYPE_BY_STATE = {
    AppointmentState.CONFIRMED: SchedulingEvent.APPOINTMENT_CONFIRMED,
    AppointmentState.REQUESTED: SchedulingEvent.APPOINTMENT_REQUESTED,
}


@dataclass(frozen=True)
class BookingDetails:
    """What somebody fills in to book; name and addresses are empty for clients who have signed in.

    `answers` pairs the text of each question with its answer. `accepted_policy` is the text that was accepted, and
    `policy_accepted_at` when, where that was before.
    """

    name: str = ""
    email: str = ""
    mobile: str = ""
    note: str = ""
    answers: list[tuple[str, str]] = field(default_factory=list)
    accepted_policy: str = ""
    policy_accepted_at: datetime | None = None
    language: str = ""


@transaction.atomic
def book_hold(
    *,
    hold_key: UUID,
    details: BookingDetails,
    client: Client | None,
    rules: SchedulingSettings,
    is_accepted: bool = False,
    now: datetime,
) -> Appointment:
    """Book what a page holds, once however often it is sent. Raises SlotUnavailable where the hold is gone.

    A hold that has expired can be booked for as long as nobody else has taken its time. With `is_accepted` staff have
    agreed to the time already.
    """
    lock_client(client.pk if client else None)
    appointment = lock_first(Appointment.objects.filter(hold_key=hold_key))
    if appointment is None:
        raise SlotUnavailable
    if appointment.state != AppointmentState.HELD:
        return appointment
    _check_hold(appointment, client, rules, now=now)
    if same := _find_same_seat(appointment, client):
        delete_hold(appointment)
        return same
    _fill_in(appointment, details, client, now=now)
    appointment.state = AppointmentState.CONFIRMED if is_accepted else decide_state(appointment, rules)
    appointment.save()
    reserve_session(appointment, now=now)
    event_type = EVENT_TYPE_BY_STATE[AppointmentState(appointment.state)]
    record_appointment_event(event_type, appointment, is_by_client=True, now=now)
    if client is None:
        enqueue_matching(appointment_id=appointment.pk)
    return appointment


def _check_hold(hold: Appointment, client: Client | None, rules: SchedulingSettings, *, now: datetime) -> None:
    """Check that what is held can still be booked, and by this client. Raises SlotUnavailable.

    Staff may have withdrawn the service, or closed the calendar or all booking, while the form was filled in.
    """
    notice = timedelta(minutes=rules.notice) if is_expired(hold, now=now) else timedelta(0)
    is_offered = (
        hold.service.is_bookable_by(is_client=client is not None)
        and rules.is_on
        and hold.entry.calendar.is_active
        and hold.starts_at > now + notice
    )
    # A demo client's time is nobody's, and everybody else's is somebody's.
    is_theirs = hold.client_id in (None, client.pk if client else None)
    if not (is_offered and is_theirs and hold.entry.is_active != bool(client and client.is_demo)):
        raise SlotUnavailable


def is_expired(hold: Appointment, *, now: datetime) -> bool:
    """Return whether a hold has ended; its time can be booked all the same while nobody else has it."""
    return hold.hold_expires_at is not None and hold.hold_expires_at <= now


def _find_same_seat(hold: Appointment, client: Client | None) -> Appointment | None:
    """Return the seat that a client who signed in after holding this one has booked in the same entry.

    One that they only hold is freed.
    """
    if client is None:
        return None
    seats = Appointment.objects.filter(entry=hold.entry_id, client=client, state__in=SEATED_STATES).exclude(pk=hold.pk)
    if other := lock_first(seats.filter(state=AppointmentState.HELD)):
        delete_hold(other)
        return None
    return seats.select_related("service", "entry__calendar", "client").first()


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
    if client and appointment.source == AppointmentSource.PUBLIC_FORM:
        # Held before its client signed in: the address of the hold's page is now theirs alone.
        values["source"] = AppointmentSource.PORTAL
    if details.language:
        values["language"] = details.language
    if details.accepted_policy:
        values |= {"policy_text": details.accepted_policy, "policy_accepted_at": details.policy_accepted_at or now}
    for name, value in values.items():
        setattr(appointment, name, value)
