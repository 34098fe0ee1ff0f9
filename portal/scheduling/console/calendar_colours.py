"""The colours of the console's calendar, which stand for services or for states, and the list that explains them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from portal.scheduling.console.calendar_range import CalendarColours
from portal.scheduling.models import Appointment, AppointmentState, Service

STATE_COLOURS = {
    AppointmentState.REQUESTED: "amber",
    AppointmentState.CONFIRMED: "green",
    AppointmentState.DONE: "grey",
    AppointmentState.NO_SHOW: "red",
}


@dataclass(frozen=True, order=True)
class LegendItem:
    """What one colour stands for."""

    label: str
    colour: str


def choose_colour(service: Service, seats: Sequence[Appointment], colours: CalendarColours) -> LegendItem:
    """Return the colour of a time that a service takes, with what it stands for.

    By state, a group has the colour of those in it who wait for an answer, or else of the first one.
    """
    if colours == CalendarColours.SERVICE:
        return LegendItem(service.name, service.colour)
    states = [AppointmentState(seat.state) for seat in seats]
    state = AppointmentState.REQUESTED if AppointmentState.REQUESTED in states else states[0]
    label: str | Promise = state.label
    return LegendItem(str(label), STATE_COLOURS[state])


def build_legend(items: Iterable[LegendItem | None]) -> list[LegendItem]:
    """Return what the colours stand for that are shown, each once, by name."""
    return sorted({item for item in items if item})
