"""What the page of an appointment says of the session of a package that it uses, and which others it could use."""

from typing import Any

from portal.scheduling import services
from portal.scheduling.models import Appointment, AppointmentState

ENDED_STATES = (AppointmentState.DECLINED, AppointmentState.CANCELLED, AppointmentState.EXPIRED)


def build_session_choice(appointment: Appointment) -> dict[str, Any]:
    """Return the session that an appointment has taken, and the packages of which it could take one instead."""
    if appointment.client_id is None or appointment.state in ENDED_STATES:
        return {"session": None, "other_packages": []}
    session = services.find_taken_session(appointment)
    usable = services.query_usable_packages(appointment.client_id, appointment.service_id, appointment.starts_at)
    others = [package for package in usable if session is None or package.pk != session.client_package_id]
    return {"session": session, "other_packages": others}
