"""Whether an appointment is confirmed at once or staff are asked."""

from portal.scheduling.models import Acceptance, Appointment, AppointmentState, SchedulingSettings


def get_acceptance(appointment: Appointment, rules: SchedulingSettings) -> Acceptance:
    """Return how an appointment's service is accepted: its own way, or the business's."""
    return Acceptance(appointment.service.acceptance or rules.acceptance)


def decide_state(appointment: Appointment, rules: SchedulingSettings) -> AppointmentState:
    """Return whether the appointment is confirmed at once.

    Whoever has not signed in counts as new until they are matched with the client list: an answer at once would tell
    strangers who is on it.
    """
    acceptance = get_acceptance(appointment, rules)
    if acceptance == Acceptance.AUTOMATIC or (acceptance == Acceptance.NEW_CLIENTS and appointment.client):
        return AppointmentState.CONFIRMED
    return AppointmentState.REQUESTED
