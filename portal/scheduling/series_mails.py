"""What the messages about several appointments of a series say, and the calendar file that goes with their mails."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from portal.clients.models import Contact
from portal.messaging.models import Message
from portal.scheduling import mail_texts
from portal.scheduling.calendar_events import EventContext, build_client_event
from portal.scheduling.calendar_files import build_publication
from portal.scheduling.kinds import SeriesMessageKind
from portal.scheduling.models import Appointment, AppointmentState
from tenants.context import get_current_business
from tenants.mail_attachments import MailAttachment
from tenants.models import Business

TRUE_STATES = {
    SeriesMessageKind.CONFIRMED: (AppointmentState.CONFIRMED,),
    SeriesMessageKind.MOVED: (AppointmentState.CONFIRMED, AppointmentState.REQUESTED),
    SeriesMessageKind.CANCELLED: (AppointmentState.CANCELLED,),
}
FILE_NAME, CONTENT_TYPE = "appointments.ics", "text/calendar; method=PUBLISH; charset=utf-8"


def build_series_context(message: Message, *, now: datetime) -> dict[str, Any] | None:
    """Return the template context of a message about a series, or None when nothing of it is true any more.

    Appointments that have changed since are left out: a message of their own tells of them.
    """
    appointments = _find_appointments(message, now=now)
    if not appointments or not _is_theirs(message):
        return None
    business = get_current_business()
    assert business, "appointments belong to a business"
    with translation.override(message.language or business.language):
        return _describe(appointments, message, business)


def build_series_attachments(message: Message, context: Mapping[str, Any]) -> list[MailAttachment]:
    """Return one file with all appointments that the mail is about, each an event of its own."""
    appointments: Sequence[Appointment] = context["appointment_rows"]
    zone = mail_texts.choose_time_zone(appointments[0], context["business"])
    event_context = EventContext.build(context["business"], zone)
    events = [build_client_event(appointment, event_context) for appointment in appointments]
    return [MailAttachment(FILE_NAME, CONTENT_TYPE, build_publication(events, time_zone=zone))]


def _find_appointments(message: Message, *, now: datetime) -> list[Appointment]:
    """Return the appointments of a message that are as they were when it was written."""
    kind, versions = SeriesMessageKind(message.kind), message.data.get("versions", {})
    rows = Appointment.objects.exclude_demo().filter(series=message.subject_id, client=message.client_id)
    rows = rows.filter(pk__in=versions, state__in=TRUE_STATES[kind]).select_related("service", "entry__calendar")
    current = [
        row for row in rows.select_related("client").order_by("starts_at") if versions[str(row.pk)] == row.version
    ]
    is_over = kind != SeriesMessageKind.CANCELLED and all(row.starts_at <= now for row in current)
    return [] if is_over else current


def _is_theirs(message: Message) -> bool:
    """Return whether the address still is the client's."""
    return Contact.objects.usable_for_sign_in().filter(client=message.client_id, value=message.to).exists()


def _describe(appointments: Sequence[Appointment], message: Message, business: Business) -> dict[str, Any]:
    first = appointments[0]
    zone = mail_texts.choose_time_zone(first, business)
    dates = [mail_texts.describe_instant(each.starts_at, zone, business) for each in appointments]
    return {
        "appointment_rows": appointments,
        "service": first.service.name,
        "staff": first.entry.calendar.name,
        "number": str(len(appointments)),
        "start": dates[0],
        "dates": dates,
        "place": mail_texts.describe_place(first),
        "policy": first.policy_text,
        # What a client typed is in no mail.
        "reason": "" if message.data.get("is_by_client") else first.reason,
    }
