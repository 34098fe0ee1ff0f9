"""What the page after booking says of an appointment."""

from copy import copy
from dataclasses import dataclass

from portal.activity.models import Entry
from portal.intake.booking.views.visits import BookingVisit
from portal.scheduling.calendar_events import get_shown_place
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment, AppointmentState


@dataclass(frozen=True)
class Confirmation:
    """An appointment, and its state as whoever has its address may know it; that of a time that is over is none."""

    appointment: Appointment
    state: AppointmentState | None

    @property
    def is_open(self) -> bool:
        """Tell whether it can take place."""
        return self.state in (AppointmentState.REQUESTED, AppointmentState.CONFIRMED)

    @property
    def has_taken_place(self) -> bool:
        """Tell whether staff have said that the client came."""
        return self.state == AppointmentState.DONE

    @property
    def is_missed(self) -> bool:
        """Tell whether staff have said that the client did not come."""
        return self.state == AppointmentState.NO_SHOW

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is said but that the time is over."""
        return self.state is None

    @property
    def shown_appointment(self) -> Appointment:
        """Return the appointment in the state that is shown, never to be saved."""
        shown = copy(self.appointment)
        shown.state = self.state or ""
        return shown

    @property
    def place(self) -> str:
        """Return where it takes place, as far as its state lets that be known."""
        return get_shown_place(self.shown_appointment)

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the business has agreed to it."""
        return self.state == AppointmentState.CONFIRMED


def build_confirmation(visit: BookingVisit, appointment: Appointment) -> Confirmation:
    """Return what this visitor may know of an appointment that was booked.

    To somebody who has not signed in, a request stays one when it is confirmed: where only new clients wait for an
    answer, anything else would say who is on the client list. They are written to. Once the time has come, what became
    of it would say the same.
    """
    state = AppointmentState(appointment.state)
    is_own = visit.client is not None and appointment.client == visit.client
    if not is_own and appointment.starts_at <= visit.now:
        return Confirmation(appointment, None)
    if state == AppointmentState.CONFIRMED and not is_own and _was_requested(appointment):
        state = AppointmentState.REQUESTED
    return Confirmation(appointment, state)


def _was_requested(appointment: Appointment) -> bool:
    requested = Entry.objects.filter(event_type=SchedulingEvent.APPOINTMENT_REQUESTED)
    return requested.filter(subject_id=appointment.pk).exists()
