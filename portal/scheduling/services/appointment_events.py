"""Record what becomes of an appointment, tell its client and plan reminders, in the transaction of the change."""

from datetime import datetime
from typing import Any

from portal.activity import services as activity
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment
from portal.scheduling.services.notices import enqueue_appointment_notice
from portal.scheduling.services.reminders import plan_reminders
from portal.scheduling.services.staff_notifications import mark_notifications_read, notify_staff_of_client
from portal.scheduling.services.waiting_list.bookings import end_waiting
from tenants.staff.staff_actor import StaffActor

# With one of these a client has the time, or has asked for it.
BOOKING_EVENTS = (SchedulingEvent.APPOINTMENT_CONFIRMED, SchedulingEvent.APPOINTMENT_REQUESTED)


def record_appointment_event(
    event_type: SchedulingEvent,
    appointment: Appointment,
    *,
    staff: StaffActor | None = None,
    is_by_client: bool = False,
    is_told: bool = True,
    now: datetime,
    **data: Any,
) -> None:
    """Add an entry to the timeline, by staff, by the client, or else by the system, and enqueue messages.

    Staff are notified of what the client did; what a member of staff does ends the notifications of the others.
    Without `is_told` nobody is told: one message tells of all appointments of a series.
    """
    actor = activity.get_actor_fields(staff) if staff or is_by_client else {}
    about = {"service": appointment.service.name, "starts_at": appointment.starts_at.isoformat()}
    activity.record_event(
        event_type,
        client_id=appointment.client_id,
        subject_id=appointment.pk,
        at=now,
        **about,
        **data,
        **actor,
    )
    if is_told:
        enqueue_appointment_notice(event_type, appointment, is_by_client=is_by_client, now=now, **data)
    plan_reminders(appointment, now=now)
    if event_type in BOOKING_EVENTS:
        end_waiting(appointment, now=now)
    if is_by_client and is_told:
        notify_staff_of_client(event_type, appointment, now=now)
    elif staff:
        mark_notifications_read(appointment.pk, now=now)
