"""What a client can do with appointments of theirs, beside moving and cancelling them."""

from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction

from portal.clients.models import Client
from portal.scheduling.models import (
    Appointment,
    AppointmentQuerySet,
    AppointmentSource,
    AppointmentState,
    ClientPackage,
    ClientPackageQuerySet,
)
from portal.scheduling.services.answers import AppointmentChanged
from portal.scheduling.services.booking import BookingDetails, book_hold
from portal.scheduling.services.holds import HoldRequest, get_hold, hold_slot
from portal.scheduling.services.slots import SlotQuery

PROPOSAL_KEYS = UUID("0c5e3f0e-6d2b-4a55-9d6f-2a8e5d1c7b90")


def query_own_appointments(client: Client) -> AppointmentQuerySet:
    """Return what a client has booked, with all that is shown of it."""
    own: AppointmentQuerySet = Appointment.objects.filter(client=client)
    return own.booked().select_related("service", "entry__calendar", "client")


def query_own_packages(client: Client, today: date) -> ClientPackageQuerySet:
    """Return a client's packages that can be used today or have a session reserved; the first to end in front."""
    own: ClientPackageQuerySet = ClientPackage.objects.filter(client=client)
    usable = own.with_sessions_left().valid_on(today)
    return (usable | own.filter(sessions_reserved__gt=0)).first_to_expire()


def get_booked_proposal(appointment: Appointment) -> Appointment | None:
    """Return what a client has booked at the time that staff proposed when they declined this appointment."""
    if appointment.proposed_starts_at is None:
        return None
    booked = get_hold(_build_proposal_key(appointment))
    return booked if booked and booked.state != AppointmentState.HELD else None


@transaction.atomic
def book_proposed_time(query: SlotQuery, *, appointment: Appointment, client: Client, now: datetime) -> Appointment:
    """Book the time that staff proposed when they declined an appointment, once however often it is asked for.

    What the client filled in is taken over, and it needs no answer again. Raises SlotUnavailable if the time is no
    longer offered, and AppointmentChanged where none is proposed.
    """
    starts_at = appointment.proposed_starts_at
    if appointment.state != AppointmentState.DECLINED or starts_at is None:
        raise AppointmentChanged
    key = _build_proposal_key(appointment)
    held = hold_slot(query, starts_at, _build_hold_request(appointment, client, key), now=now)
    if held.state != AppointmentState.HELD:
        return held
    assert held.hold_key, "what is held has a key"
    return book_hold(
        hold_key=held.hold_key,
        details=_repeat_details(appointment),
        client=client,
        rules=query.rules,
        is_accepted=True,
        now=now,
    )


def _build_proposal_key(appointment: Appointment) -> UUID:
    """Return the key of the hold: the same for each send, another for another proposal."""
    return uuid5(PROPOSAL_KEYS, f"{appointment.pk} {appointment.version}")


def _build_hold_request(appointment: Appointment, client: Client, key: UUID) -> HoldRequest:
    return HoldRequest(
        key=key,
        source=AppointmentSource.PORTAL,
        client=client,
        time_zone=appointment.time_zone,
        language=appointment.language,
    )


def _repeat_details(appointment: Appointment) -> BookingDetails:
    return BookingDetails(
        note=appointment.note,
        answers=[(question, answer) for question, answer in appointment.answers],
        accepted_policy=appointment.policy_text,
        policy_accepted_at=appointment.policy_accepted_at,
        language=appointment.language,
    )
