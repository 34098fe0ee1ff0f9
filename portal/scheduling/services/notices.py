"""Messages to clients about their appointments, enqueued in the transaction of the change.

A message names the version of the appointment that it is about. `portal.scheduling.mail_context` asks when it leaves
whether that is still the newest, so a message that is no longer true is never sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from portal.clients.models import Contact, ContactKind
from portal.clients.models.client_contact import MAIN_FIRST
from portal.messaging import services as messaging
from portal.messaging.models import Message
from portal.scheduling.kinds import AppointmentMessageKind, SchedulingEvent
from portal.scheduling.models import Appointment, AppointmentState
from tenants.models import Channel

KIND_BY_EVENT = {
    SchedulingEvent.APPOINTMENT_REQUESTED: AppointmentMessageKind.REQUESTED,
    SchedulingEvent.APPOINTMENT_CONFIRMED: AppointmentMessageKind.CONFIRMED,
    SchedulingEvent.APPOINTMENT_RESCHEDULED: AppointmentMessageKind.MOVED,
    SchedulingEvent.APPOINTMENT_CANCELLED: AppointmentMessageKind.CANCELLED,
    SchedulingEvent.APPOINTMENT_DECLINED: AppointmentMessageKind.DECLINED,
    SchedulingEvent.APPOINTMENT_EXPIRED: AppointmentMessageKind.EXPIRED,
}
# What a text would cost more than it is worth.
MAIL_ONLY_KINDS = (AppointmentMessageKind.FOLLOW_UP,)


@dataclass(frozen=True)
class Recipient:
    """Where the messages about an appointment go."""

    channel: Channel
    to: str


def enqueue_appointment_notice(
    event_type: SchedulingEvent, appointment: Appointment, *, is_by_client: bool, now: datetime, **event: Any
) -> None:
    """Tell a client what became of their appointment; other arguments are those of the timeline's entry."""
    kind = _choose_kind(event_type, appointment)
    recipient = find_recipients([appointment]).get(appointment.pk)
    if kind is None or recipient is None:
        return
    data = {"is_by_client": is_by_client, "before_starts_at": event.get("before_starts_at", "")}
    message = build_appointment_message(kind, appointment, recipient, now=now, **data)
    messaging.enqueue_notices([message], deadline=now + settings.NOTIFICATION_LIFETIME, now=now)


def build_appointment_message(
    kind: AppointmentMessageKind, appointment: Appointment, recipient: Recipient, *, now: datetime, **data: Any
) -> Message:
    """Return a message about the version that an appointment has now, not yet saved."""
    client = appointment.client
    return messaging.build_message(
        kind,
        channel=recipient.channel,
        to=recipient.to,
        client=client,
        language=(client.language if client and not appointment.contact_email else "") or appointment.language,
        subject_id=appointment.pk,
        # What strangers cause may not use up what the business itself can send an address.
        data={"version": appointment.version, "is_to_typed_address": bool(appointment.contact_email), **data},
        now=now,
    )


def find_recipients(appointments: Iterable[Appointment]) -> dict[UUID, Recipient]:
    """Return where messages about these appointments go, by the appointments' keys; nobody is left out for a text.

    Who booked without signing in is mailed at the address that they typed, whatever card it was matched with: anything
    else would say who is on the client list. Other clients are mailed at their main address, and texted only where they
    have none; nobody is texted at a number that they only typed.
    """
    appointments = list(appointments)
    by_client = _find_recipients_of_clients({row.client_id for row in appointments if row.client_id})
    found = {}
    for appointment in appointments:
        if appointment.contact_email:
            found[appointment.pk] = Recipient(Channel.EMAIL, appointment.contact_email)
        elif appointment.client_id in by_client:
            found[appointment.pk] = by_client[appointment.client_id]
    return found


def _find_recipients_of_clients(client_ids: set[UUID]) -> dict[UUID, Recipient]:
    contacts = Contact.objects.usable_for_sign_in().filter(client__in=client_ids).order_by(*MAIN_FIRST)
    found: dict[UUID, Recipient] = {}
    for client_id, kind, value in contacts.values_list("client_id", "kind", "value") if client_ids else ():
        known = found.get(client_id)
        if kind == ContactKind.EMAIL and (known is None or known.channel == Channel.SMS):
            found[client_id] = Recipient(Channel.EMAIL, value)
        elif known is None:
            found[client_id] = Recipient(Channel.SMS, value)
    return found


def _choose_kind(event_type: SchedulingEvent, appointment: Appointment) -> AppointmentMessageKind | None:
    """Return what a change is told as; an appointment that was moved and waits for an answer again is a request."""
    kind = KIND_BY_EVENT.get(event_type)
    if kind == AppointmentMessageKind.MOVED and appointment.state == AppointmentState.REQUESTED:
        return AppointmentMessageKind.REQUESTED
    return kind
