"""Move several appointments of a series by as many days to one time of day, all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment, AppointmentState, CalendarEntry, ResourceReservation
from portal.scheduling.services.rescheduling import move_appointment
from portal.scheduling.services.series.occurrences import judge_starts
from portal.scheduling.services.series.series_booking import SeriesTimesTaken, release_holds_in_the_way
from portal.scheduling.services.series.series_changes import ChangeScope, get_series, lock_series_appointments
from portal.scheduling.services.series.series_events import record_series_event
from portal.scheduling.services.slots import SlotQuery
from tenants.staff.staff_actor import StaffActor


@dataclass(frozen=True)
class NewWallTime:
    """To when one appointment of a series is moved, by the clocks of a zone; the others go along.

    `local` has no zone of its own.
    """

    local: datetime
    time_zone: str

    def list_starts(self, appointment: Appointment, appointments: Sequence[Appointment]) -> list[datetime]:
        """Return the new starts: each as many days later as the one that was named, at the same time of day.

        A time that clocks skip is moved by as much as they are, and of one that they show twice the first is meant.
        """
        zone = ZoneInfo(self.time_zone)
        days = self.local.date() - appointment.starts_at.astimezone(zone).date()
        dates = [each.starts_at.astimezone(zone).date() + days for each in appointments]
        return [datetime.combine(date, self.local.time(), zone).astimezone(UTC) for date in dates]


@transaction.atomic
def move_series_appointments(
    query: SlotQuery,
    new_time: NewWallTime,
    *,
    appointment: Appointment,
    scope: ChangeScope,
    staff: StaffActor,
    now: datetime,
) -> list[Appointment]:
    """Move the appointments of a series that are still to come to the query's calendar, and confirm them.

    Returns them. Raises SeriesTimesTaken, AppointmentChanged and TimeTaken; then none is moved.
    """
    appointments = lock_series_appointments(appointment, scope, query=query, now=now)
    starts = new_time.list_starts(_find_current(appointment, appointments), appointments)
    if [(each.entry.calendar_id, each.starts_at) for each in appointments] == [
        (query.calendar_id, at) for at in starts
    ]:
        return appointments
    release_holds_in_the_way(query, starts, now=now)
    _move_all(query, appointments, starts, staff=staff, now=now)
    series = get_series(appointment)
    record_series_event(SchedulingEvent.SERIES_RESCHEDULED, series, appointments, staff=staff, now=now)
    return appointments


def _find_current(appointment: Appointment, appointments: Sequence[Appointment]) -> Appointment:
    """Return the appointment as it is once it is locked; one that is over is as it was."""
    return next((each for each in appointments if each.pk == appointment.pk), appointment)


def _move_all(
    query: SlotQuery,
    appointments: Sequence[Appointment],
    starts: Sequence[datetime],
    *,
    staff: StaffActor,
    now: datetime,
) -> None:
    """Judge all times while the appointments' own ones are free, then take them. Raises SeriesTimesTaken."""
    _free_own_times(appointments)
    own_ids = [each.pk for each in appointments]
    judged = judge_starts(query, starts, client_id=appointments[0].client_id, ignored_ids=own_ids, now=now)
    if any(one.problem for one in judged):
        raise SeriesTimesTaken(judged)
    for each, one in zip(appointments, judged, strict=True):
        assert one.entry_time, "it can be booked"
        state = AppointmentState.CONFIRMED
        move_appointment(each, one.entry_time, state=state, staff=staff, is_told=False, now=now)


def _free_own_times(appointments: Sequence[Appointment]) -> None:
    """Let what the appointments have alone count as free; moving them takes time again, and a failure all that was."""
    own = [each.entry_id for each in appointments if each.entry.seats_taken == 1]
    CalendarEntry.objects.filter(pk__in=own).update(is_active=False)
    ResourceReservation.objects.filter(entry__in=own).update(is_active=False)
