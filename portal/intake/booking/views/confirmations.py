"""What the page after booking says of an appointment."""

from dataclasses import dataclass

from portal.activity.models import Entry
from portal.intake.booking.views.visits import BookingVisit
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment, AppointmentState


@dataclass(frozen=True)
class Confirmation:
    """An appointment, and its state as whoever has its address may know it."""

    appointment: Appointment
    state: AppointmentState

    @property
    def is_open(self) -> bool:
        """Tell whether it can take place."""
        return self.state in (AppointmentState.REQUESTED, AppointmentState.CONFIRMED)

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the business has agreed to it."""
        return self.state == AppointmentState.CONFIRMED


def build_confirmation(visit: BookingVisit, appointment: Appointment) -> Confirmation:
    """Return what this visitor may know of an appointment that was booked.

    To somebody who has not signed in, a request stays one when it is confirmed: where only new clients wait for an
    answer, anything else would say who is on the client list. They are written to.
    """
    state = AppointmentState(appointment.state)
    is_own = visit.client is not None and appointment.client == visit.client
    if state == AppointmentState.CONFIRMED and not is_own and _was_requested(appointment):
        state = AppointmentState.REQUESTED
    return Confirmation(appointment, state)


def _was_requested(appointment: Appointment) -> bool:
    requested = Entry.objects.filter(event_type=SchedulingEvent.APPOINTMENT_REQUESTED)
    return requested.filter(subject_id=appointment.pk).exists()
