"""Move appointments to another time: by clients to one that is offered, by staff to any."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from portal.clients.models import Client
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment, AppointmentState, CalendarEntry, SchedulingSettings
from portal.scheduling.services.answers import AppointmentChanged, change_state
from portal.scheduling.services.appointment_acceptance import decide_state
from portal.scheduling.services.appointment_locks import lock_client, lock_first
from portal.scheduling.services.calendar_entries import (
    ClientHasSeat,
    EntryTime,
    TimeTaken,
    join_group,
    move_entry,
    release_seats,
    require_no_seat,
    take_seat,
)
from portal.scheduling.services.cancellation import ChangeWindowClosed, is_window_open
from portal.scheduling.services.expired_holds import release_overdue_holds
from portal.scheduling.services.package_sessions import keep_session_valid, reopen_session
from portal.scheduling.services.seat_booking import find_offered_time, lock_candidates
from portal.scheduling.services.slots import SlotQuery, SlotUnavailable


@transaction.atomic
def reschedule_own_appointment(
    query: SlotQuery, starts_at: datetime, *, appointment_id: UUID, client: Client, now: datetime
) -> Appointment:
    """Move a client's appointment to a time that is offered; moved there already, it stays.

    Raises SlotUnavailable, AppointmentChanged, ChangeWindowClosed where it is too late or the service isn't offered any
    more, and Appointment.DoesNotExist for that of another client. It becomes a request again where the business wants
    to be asked.
    """
    appointment = lock_to_move(query, appointment_id)
    if appointment.client_id != client.pk:
        raise Appointment.DoesNotExist
    if appointment.is_open and appointment.starts_at == starts_at and query.calendar_id in _same_calendar(appointment):
        return appointment
    if not appointment.is_open:
        raise AppointmentChanged
    if not can_reschedule(appointment, query.rules, now=now):
        raise ChangeWindowClosed
    release_overdue_holds(query, starts_at, now=now)
    entry_time = find_offered_time(ignore_own_time(query, appointment), starts_at, now=now)
    # A request that staff have not answered is not confirmed by moving it.
    is_request = appointment.state == AppointmentState.REQUESTED
    state = AppointmentState.REQUESTED if is_request else decide_state(appointment, query.rules)
    try:
        move_appointment(appointment, entry_time, state=state, is_by_client=True, now=now)
    except (TimeTaken, ClientHasSeat) as error:
        raise SlotUnavailable from error
    keep_session_valid(appointment, now=now)
    return appointment


def is_still_offered(appointment: Appointment, rules: SchedulingSettings) -> bool:
    """Tell whether clients can still choose times of an appointment's service."""
    return rules.is_on and appointment.service.is_bookable_by(is_client=True)


def can_reschedule(appointment: Appointment, rules: SchedulingSettings, *, now: datetime) -> bool:
    """Tell whether a client can still move an appointment of theirs without the business."""
    is_in_time = is_window_open(appointment, rules.reschedule_window, now=now)
    return is_in_time and is_still_offered(appointment, rules)


def lock_to_move(query: SlotQuery, appointment_id: UUID) -> Appointment:
    """Return an appointment, locked with its client, its calendar and all that the query may take.

    Raises AppointmentChanged if somebody has moved it to another calendar meanwhile.
    """
    keys = Appointment.objects.values_list("client_id", "entry__calendar_id", "service_id")
    client_id, calendar_id, service_id = keys.get(pk=appointment_id)
    assert service_id == query.service.pk, "an appointment keeps its service"
    lock_client(client_id)
    lock_candidates(query, calendar_id)
    appointment = lock_first(Appointment.objects.filter(pk=appointment_id))
    if appointment is None:
        raise Appointment.DoesNotExist
    if appointment.entry.calendar_id != calendar_id:
        raise AppointmentChanged
    return appointment


def ignore_own_time(query: SlotQuery, appointment: Appointment) -> SlotQuery:
    """Return the query to which an appointment's own time counts as free, unless others have seats in it."""
    is_alone = appointment.entry.seats_taken == 1
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
    appointment.starts_at, appointment.ends_at = appointment.entry.starts_at, appointment.entry.ends_at
    appointment.is_overbooked, appointment.proposed_starts_at = is_overbooked, None
    event["before_starts_at"] = before.isoformat()
    change_state(appointment, state, SchedulingEvent.APPOINTMENT_RESCHEDULED, now=now, **event)
    reopen_session(appointment, now=now)
    return appointment


def _move_seat(appointment: Appointment, entry_time: EntryTime, *, is_overbooked: bool, now: datetime) -> CalendarEntry:
    """Join a group at the new time, or else take along the entry that is the appointment's alone."""
    old = appointment.entry
    if old.is_active and old.capacity > 1 and (joined := join_group(entry_time, is_overbooked=is_overbooked)):
        require_no_seat(joined, appointment.client_id, moved_ids=[appointment.pk])
        release_seats(old.pk)
        return joined
    if old.seats_taken == 1:
        return move_entry(old, entry_time, is_overbooked=is_overbooked)
    new = take_seat(entry_time, is_overbooked=is_overbooked, occupies_time=old.is_active, now=now)
    release_seats(old.pk)
    return new


def _same_calendar(appointment: Appointment) -> tuple[UUID | None, UUID]:
    return (None, appointment.entry.calendar_id)
