"""What the templates of the messages about an appointment are given, while what they say is true."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import translation

from portal.clients.models import Contact
from portal.messaging.models import Message
from portal.scheduling import mail_texts
from portal.scheduling.invitations import build_client_invitation
from portal.scheduling.kinds import AppointmentMessageKind, SeriesMessageKind
from portal.scheduling.models import Appointment, AppointmentState
from portal.scheduling.services.scheduling_settings import get_scheduling_settings
from portal.ui.formatting import datetime_with_zone
from tenants.context import get_current_business
from tenants.mail_attachments import MailAttachment
from tenants.models import Business, DeliveryState

# The states in which each kind of message is true.
TRUE_STATES = {
    AppointmentMessageKind.REQUESTED: (AppointmentState.REQUESTED,),
    AppointmentMessageKind.CONFIRMED: (AppointmentState.CONFIRMED,),
    AppointmentMessageKind.MOVED: (AppointmentState.CONFIRMED,),
    AppointmentMessageKind.CANCELLED: (AppointmentState.CANCELLED,),
    AppointmentMessageKind.DECLINED: (AppointmentState.DECLINED,),
    AppointmentMessageKind.EXPIRED: (AppointmentState.EXPIRED,),
    AppointmentMessageKind.REMINDER: (AppointmentState.CONFIRMED,),
    AppointmentMessageKind.FOLLOW_UP: (AppointmentState.CONFIRMED, AppointmentState.DONE),
}
# What is said of an appointment to come.
COMING_KINDS = (
    AppointmentMessageKind.REQUESTED,
    AppointmentMessageKind.CONFIRMED,
    AppointmentMessageKind.MOVED,
    AppointmentMessageKind.REMINDER,
)
INVITATION_KINDS = (AppointmentMessageKind.CONFIRMED, AppointmentMessageKind.MOVED)
# A message in one of these states may have reached its reader.
SENT_STATES = (
    DeliveryState.SENDING,
    DeliveryState.UNCLEAR,
    DeliveryState.ACCEPTED,
    DeliveryState.DEFERRED,
    DeliveryState.DELIVERED,
)


def build_mail_context(message: Message, *, now: datetime) -> dict[str, Any] | None:
    """Return the template context of a message about an appointment, or None when it is no longer true or theirs."""
    appointment = _find_appointment(message)
    if appointment is None or not _is_true(message, appointment, now=now) or not _is_theirs(message, appointment):
        return None
    business = get_current_business()
    assert business, "appointments belong to a business"
    with translation.override(message.language or business.language):
        return {**_describe(appointment, message, business, now=now), "appointment_row": appointment}


def build_mail_attachments(message: Message, context: dict[str, Any]) -> list[MailAttachment]:
    """Return the invitation, or what takes it back from the calendar of a reader who may have been sent one."""
    appointment, kind = context["appointment_row"], AppointmentMessageKind(message.kind)
    if kind not in INVITATION_KINDS and not _has_invitation(message):
        return []
    return [build_client_invitation(appointment, context, to=message.to)]


def _find_appointment(message: Message) -> Appointment | None:
    assert message.subject_id, "a message about an appointment has its key"
    found = Appointment.objects.exclude_demo().select_related("service", "entry__calendar", "client")
    return found.filter(pk=message.subject_id).first()


def _is_true(message: Message, appointment: Appointment, *, now: datetime) -> bool:
    """Return whether the appointment is as it was when the message was written. Attendance changes no follow-up."""
    kind = AppointmentMessageKind(message.kind)
    if appointment.state not in TRUE_STATES[kind]:
        return False
    if kind == AppointmentMessageKind.FOLLOW_UP:
        return appointment.ends_at.isoformat() == message.data.get("ends_at") and appointment.ends_at <= now
    is_current = appointment.version == message.data.get("version")
    return is_current and (kind not in COMING_KINDS or appointment.starts_at > now)


def _is_theirs(message: Message, appointment: Appointment) -> bool:
    """Return whether the address still is that of the person whose appointment it is."""
    if message.client_id is None or appointment.contact_email:
        return message.to == appointment.contact_email
    if message.client_id != appointment.client_id:
        return False
    return Contact.objects.usable_for_sign_in().filter(client=message.client_id, value=message.to).exists()


def _describe(appointment: Appointment, message: Message, business: Business, *, now: datetime) -> dict[str, Any]:
    zone = mail_texts.choose_time_zone(appointment, business)
    before, proposed = message.data.get("before_starts_at", ""), appointment.proposed_starts_at
    return {
        "appointment": str(appointment.pk) if mail_texts.has_portal_page(appointment) else "",
        "service": appointment.service.name,
        "staff": appointment.entry.calendar.name,
        "start": datetime_with_zone(appointment.starts_at, zone),
        "when": mail_texts.describe_instant(appointment.starts_at, zone, business),
        "place": mail_texts.describe_place(appointment),
        "policy": appointment.policy_text,
        "next_step": mail_texts.describe_next_step(appointment, get_scheduling_settings(business), business, now=now),
        # What a client typed is in no mail.
        "reason": "" if message.data.get("is_by_client") else appointment.reason,
        "before": datetime_with_zone(datetime.fromisoformat(before), zone) if before else "",
        "proposed": mail_texts.describe_instant(proposed, zone, business) if proposed else "",
    }


def _has_invitation(message: Message) -> bool:
    """Return whether the reader may have been sent the appointment for their calendar before, be it with its series."""
    assert message.subject_id, "a message about an appointment has its key"
    series_ids = Appointment.objects.filter(pk=message.subject_id, series__isnull=False).values("series_id")
    is_about = Q(subject_id=message.subject_id, kind__in=INVITATION_KINDS)
    is_about |= Q(subject_id__in=series_ids, kind=SeriesMessageKind.CONFIRMED)
    return Message.objects.filter(is_about, to=message.to, state__in=SENT_STATES).exists()
