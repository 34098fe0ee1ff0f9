"""Tell staff what clients do with appointments, and stop telling them once a colleague has acted."""

from datetime import datetime
from uuid import UUID

from django.utils import translation

from portal.messaging.models import Notification
from portal.messaging.notifications import services as notifications
from portal.scheduling.kinds import SchedulingEvent, SchedulingNotification
from portal.scheduling.models import Appointment, AppointmentState
from portal.ui.formatting import datetime_with_zone
from tenants.context import get_current_business

KIND_BY_EVENT = {
    SchedulingEvent.APPOINTMENT_CONFIRMED: SchedulingNotification.BOOKED,
    SchedulingEvent.APPOINTMENT_REQUESTED: SchedulingNotification.REQUESTED,
    SchedulingEvent.APPOINTMENT_RESCHEDULED: SchedulingNotification.CHANGED,
    SchedulingEvent.APPOINTMENT_CANCELLED: SchedulingNotification.CHANGED,
}
# A subject has room for the service and the time beside so much of a name.
MAX_NAME_LENGTH = 60


def notify_staff_of_client(event_type: SchedulingEvent, appointment: Appointment, *, now: datetime) -> None:
    """Notify staff of what a client did, in the transaction of the change."""
    if kind := KIND_BY_EVENT.get(event_type):
        notifications.notify_staff(
            kind,
            subject=_describe(appointment),
            url_name="appointment",
            pk=appointment.pk,
            client=appointment.client,
            now=now,
        )


def mark_notifications_read(appointment_id: UUID, *, now: datetime) -> None:
    """Mark the notifications about an appointment as read: a member of staff has acted on it."""
    notifications.mark_read(Notification.objects.filter(subject_id=appointment_id), now=now)


def is_request_answered(notification: Notification) -> bool:
    """Tell whether the request of a notification waits for no answer any more."""
    waiting = Appointment.objects.filter(state=AppointmentState.REQUESTED)
    return not waiting.filter(pk__in=[notification.subject_id]).exists()


def _describe(appointment: Appointment) -> str:
    """Return who has which appointment when, in the language and the time zone of the business."""
    business = get_current_business()
    assert business, "appointments belong to a business"
    with translation.override(business.language):
        when = datetime_with_zone(appointment.starts_at, business.time_zone)
    return f"{appointment.client_name[:MAX_NAME_LENGTH]} · {appointment.service.name} · {when}"
