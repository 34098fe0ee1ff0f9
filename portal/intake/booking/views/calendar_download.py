"""The appointment as a file that its client adds to a calendar of their own."""

from dataclasses import replace

from portal.intake.booking.views.confirmations import build_confirmation
from portal.intake.booking.views.visits import BookingVisit
from portal.scheduling.calendar_events import EventContext, build_client_event
from portal.scheduling.calendar_files import EventStatus, build_download
from portal.scheduling.models import Appointment


def build_calendar_file(visit: BookingVisit, appointment: Appointment) -> bytes:
    """Return the file, as this visitor may know the appointment: see `build_confirmation`."""
    confirmation = build_confirmation(visit, appointment)
    event = build_client_event(confirmation.shown_appointment, EventContext.build(visit.business, visit.zone.key))
    if not confirmation.is_confirmed:
        # As it was when it was requested: what has become of it since would say who is on the client list.
        event = replace(event, sequence=0, updated_at=appointment.created_at, status=EventStatus.TENTATIVE)
    return build_download(event)
