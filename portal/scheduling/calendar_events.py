"""Appointments as events of a person's calendar: a client's own, and those that a member of staff gives."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from portal.messaging.mail_safe_names import filter_unsafe_name
from portal.scheduling.calendar_files import CalendarEvent, EventStatus
from portal.scheduling.models import Appointment, AppointmentState, CalendarEntry
from tenants.hostnames import build_portal_url
from tenants.models import Business
from tenants.senders import Sender, get_mail_sender

LINK_PREFIXES = ("https://", "http://")
STATUS_BY_STATE = {
    AppointmentState.REQUESTED: EventStatus.TENTATIVE,
    AppointmentState.CONFIRMED: EventStatus.CONFIRMED,
    AppointmentState.DONE: EventStatus.CONFIRMED,
    AppointmentState.NO_SHOW: EventStatus.CONFIRMED,
}


@dataclass(frozen=True)
class EventContext:
    """What all events of one calendar share: the business, its portal, and the zone of the calendar's owner."""

    business_name: str
    portal_url: str
    organiser_email: str
    time_zone: str

    @classmethod
    def build(cls, business: Business, time_zone: str) -> "EventContext":
        """Return what the events of one business share."""
        return cls(business.name, build_portal_url(business), get_mail_sender(Sender.NOTICES), time_zone)


def build_client_event(appointment: Appointment, context: EventContext) -> CalendarEvent:
    """Return an appointment as its client's calendar shows it; it names no other client."""
    lines = [
        _("With %(name)s") % {"name": appointment.entry.calendar.name},
        _("To read, move or cancel the appointment, open the link."),
    ]
    return CalendarEvent(
        uid=build_uid(appointment.pk),
        sequence=appointment.version,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        updated_at=appointment.updated_at,
        summary=f"{appointment.service.name} – {context.business_name}",
        organiser_name=context.business_name,
        organiser_email=context.organiser_email,
        time_zone=context.time_zone,
        description="\n".join(lines),
        location=get_shown_place(appointment),
        url=f"{context.portal_url}appointments/{appointment.pk}/",
        status=STATUS_BY_STATE.get(AppointmentState(appointment.state), EventStatus.CANCELLED),
    )


def has_link(appointment: Appointment) -> bool:
    """Tell whether an appointment takes place at a link."""
    return appointment.location.startswith(LINK_PREFIXES)


def get_shown_place(appointment: Appointment) -> str:
    """Return where an appointment takes place, as its client may know it: a link only while it is confirmed."""
    is_certain = appointment.state == AppointmentState.CONFIRMED
    return appointment.location if is_certain or not has_link(appointment) else ""


def build_staff_event(seats: Sequence[Appointment], context: EventContext) -> CalendarEvent:
    """Return the appointments of one calendar entry, at least one, as the calendar of whoever gives them shows it."""
    first = seats[0]
    names = sorted(filter_unsafe_name(seat.client_name) for seat in seats)
    is_pending = any(seat.state == AppointmentState.REQUESTED for seat in seats)
    return CalendarEvent(
        uid=build_uid(first.entry_id),
        sequence=sum(seat.version for seat in seats),
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        updated_at=max(seat.updated_at for seat in seats),
        summary=f"{first.service.name} – {', '.join(names)}",
        organiser_name=context.business_name,
        organiser_email=context.organiser_email,
        time_zone=context.time_zone,
        description=_("Waiting for an answer") if is_pending else "",
        location=first.location,
        status=EventStatus.TENTATIVE if is_pending else EventStatus.CONFIRMED,
    )


def build_blocked_event(entry: CalendarEntry, context: EventContext) -> CalendarEvent:
    """Return a time that was blocked, as the calendar of whoever it belongs to shows it."""
    return CalendarEvent(
        uid=build_uid(entry.pk),
        sequence=0,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        updated_at=entry.created_at,
        summary=entry.title or _("Blocked time"),
        organiser_name=context.business_name,
        organiser_email=context.organiser_email,
        time_zone=context.time_zone,
    )


def build_uid(key: object) -> str:
    """Return the name of an appointment or a calendar entry in all calendars, which it keeps for good."""
    return f"{key}@{settings.PORTAL_DOMAIN}"
