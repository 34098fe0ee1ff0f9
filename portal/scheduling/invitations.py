"""The calendar files that go with mails about appointments."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portal.messaging.mail_safe_names import filter_unsafe_name
from portal.scheduling.calendar_events import EventContext, build_client_event
from portal.scheduling.calendar_files import CalendarMethod, build_invitation
from portal.scheduling.mail_texts import choose_time_zone
from portal.scheduling.models import Appointment
from tenants.mail_attachments import MailAttachment


def build_client_invitation(appointment: Appointment, context: Mapping[str, Any], *, to: str) -> MailAttachment:
    """Return the file of a mail to `to` that adds an appointment to a calendar, changes it or takes it away again.

    `context` is that of the mail. Who has no page in the portal gets no link to it.
    """
    business = context["business"]
    event_context = EventContext.build(business, choose_time_zone(appointment, business))
    event = replace(
        build_client_event(appointment, event_context),
        attendee_name=filter_unsafe_name(appointment.client_name),
        attendee_email=to,
        description=context["next_step"],
    )
    if not context["appointment"]:
        event = replace(event, url="")
    method = CalendarMethod.CANCEL if event.is_cancelled else CalendarMethod.REQUEST
    content_type = f"text/calendar; method={method}; charset=utf-8"
    return MailAttachment("appointment.ics", content_type, build_invitation(event, method=method))
