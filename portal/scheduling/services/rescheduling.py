"""Move appointments to another time: by clients to one that is offered, by staff to any."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from portal.clients.models import Client
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment, AppointmentState, CalendarEntry
from portal.scheduling.services.answers import AppointmentChanged, change_state
from portal.scheduling.services.appointment_acceptance import decide_state
from portal.scheduling.services.calendar_entries import (
    ClientHasSeat,
    EntryTime,
    TimeTaken,
    move_entry,
    release_seats,
    require_no_seat,
    take_seat,
)
from portal.scheduling.services.cancellation import ChangeWindowClosed, is_window_open, lock_own_appointment
from portal.scheduling.services.holds import release_expired_holds
from portal.scheduling.services.seat_booking import find_offered_time, lock_candidates
from portal.scheduling.services.slots import SlotQuery, SlotUnavailable


@transaction.atomic
def reschedule_own_appointment(
    query: SlotQuery, starts_at: datetime, *, appointment_id: UUID, client: Client, now: datetime
) -> Appointment:
    """Move a client's appointment to a time that is offered; moved there already, it stays.

    Raises SlotUnavailable, ChangeWindowClosed, AppointmentChanged, and Appointment.DoesNotExist for that of another
    client. It becomes a request again where the business wants to be asked.
    """
    appointment = lock_own_appointment(appointment_id, client)
    if appointment.is_open and appointment.starts_at == starts_at and query.calendar_id in _same_calendar(appointment):
        return appointment
    if not appointment.is_open:
        raise AppointmentChanged
    if not is_window_open(appointment, query.rules.reschedule_window, now=now):
        raise ChangeWindowClosed
    release_expired_holds(now=now)
    lock_candidates(query)
    entry_time = find_offered_time(ignore_own_time(query, appointment), starts_at, now=now)
    state = decide_state(appointment, query.rules)
    try:
        return move_appointment(appointment, entry_time, state=state, is_by_client=True, now=now)
    except (TimeTaken, ClientHasSeat) as error:
        raise SlotUnavailable from error


def ignore_own_time(query: SlotQuery, appointment: Appointment) -> SlotQuery:
    """Return the query to which an appointment's own time counts as free; that of a group stays taken by the others."""
    is_alone = appointment.entry.capacity == 1
    return replace(query, ignored_entry_id=appointment.entry_id if is_alone else None)


def move_appointment(
    appointment: Appointment,
    entry_time: EntryTime,
    *,
    state: AppointmentState,
    is_overbooked: bool = False,
    now: datetime,
    **event: Any,
) -> Appointment:
    """Move a locked appointment, and record it. Raises TimeTaken and ClientHasSeat. Other arguments describe the event.

    The seat of a group goes alone; others keep theirs.
    """
    before = appointment.starts_at
    appointment.entry = _move_seat(appointment, entry_time, is_overbooked=is_overbooked, now=now)
    appointment.starts_at, appointment.ends_at = entry_time.starts_at, entry_time.ends_at
    appointment.is_overbooked, appointment.proposed_starts_at = is_overbooked, None
    event["before_starts_at"] = before.isoformat()
    return change_state(appointment, state, SchedulingEvent.APPOINTMENT_RESCHEDULED, now=now, **event)


def _move_seat(appointment: Appointment, entry_time: EntryTime, *, is_overbooked: bool, now: datetime) -> CalendarEntry:
    old = appointment.entry
    if not appointment.service.is_group and old.capacity == 1:
        return move_entry(old, entry_time, is_overbooked=is_overbooked)
    new = take_seat(entry_time, is_overbooked=is_overbooked, occupies_time=old.is_active, now=now)
    require_no_seat(new, appointment.client_id, moved_ids=[appointment.pk])
    release_seats(old.pk)
    return new


def _same_calendar(appointment: Appointment) -> tuple[UUID | None, UUID]:
    return (None, appointment.entry.calendar_id)
