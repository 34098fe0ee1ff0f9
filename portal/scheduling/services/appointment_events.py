"""Record what becomes of an appointment, in the transaction of the change."""

from datetime import datetime
from typing import Any

from portal.activity import services as activity
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment
from tenants.staff.staff_actor import StaffActor


def record_appointment_event(
    event_type: SchedulingEvent,
    appointment: Appointment,
    *,
    staff: StaffActor | None = None,
    is_by_client: bool = False,
    now: datetime,
    **data: Any,
) -> None:
    """Add an entry to the timeline: by a member of staff, by the client, or else by the system."""
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
