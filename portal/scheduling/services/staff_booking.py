"""Appointments that staff make and move. They may break the rules, but are warned first, and the row says so."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from portal.clients.models import Client
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import (
    Appointment,
    AppointmentSource,
    AppointmentState,
    CalendarEntry,
    Resource,
    ResourceReservation,
)
from portal.scheduling.services.answers import AppointmentChanged
from portal.scheduling.services.appointment_events import record_appointment_event
from portal.scheduling.services.appointment_locks import lock_client
from portal.scheduling.services.calendar_entries import (
    EntryTime,
    require_no_seat,
    take_seat,
)
from portal.scheduling.services.expired_holds import release_overdue_holds
from portal.scheduling.services.outside_busy_times import query_outside_busy_times
from portal.scheduling.services.package_sessions import reserve_session
from portal.scheduling.services.rescheduling import ignore_own_time, lock_to_move, move_appointment
from portal.scheduling.services.seat_booking import find_offered_time, lock_candidates
from portal.scheduling.services.slots import BOOKABLE_YEARS, SlotQuery, SlotUnavailable
from tenants.staff.staff_actor import StaffActor


class BookingWarning(models.TextChoices):
    """A rule that an appointment would break."""

    CALENDAR_TAKEN = "calendar-taken", _("There is another appointment at this time.")
    RESOURCE_TAKEN = "resource-taken", _("A room or equipment that is needed is taken at this time.")
    BUSY_ELSEWHERE = "busy-elsewhere", _("An outside calendar is busy at this time.")
    FULL = "full", _("All seats of this time are taken.")
    NOT_OFFERED = "not-offered", _("Clients can’t book this time: it is outside the hours or the rules of booking.")


# What is in the way of these is in the same calendar or room, which the constraints have to be told.
OVERBOOKING_WARNINGS = {BookingWarning.CALENDAR_TAKEN, BookingWarning.RESOURCE_TAKEN, BookingWarning.FULL}


class BookingNeedsConfirmation(Exception):
    """The appointment would break rules; `warnings` says which. Staff can have it all the same."""

    def __init__(self, warnings: Sequence[BookingWarning]):
        super().__init__("booking needs confirmation")
        self.warnings = tuple(warnings)


@dataclass(frozen=True)
class StaffBooking:
    """What staff book: when, in which calendar, and whether they want it in spite of warnings."""

    query: SlotQuery
    starts_at: datetime
    ignores_warnings: bool = False


@dataclass(frozen=True)
class StaffMove:
    """How staff move an appointment: how long it then lasts in minutes, None for as long as before.

    `seen_version` is the version that they saw; None moves whatever there is.
    """

    minutes: int | None = None
    seen_version: int | None = None
    is_client_told: bool = True


@transaction.atomic
def book_for_client(
    booking: StaffBooking, *, client: Client, note: str = "", staff: StaffActor, source: str = "", now: datetime
) -> Appointment:
    """Make a confirmed appointment for a client. Raises BookingNeedsConfirmation and ClientHasSeat."""
    lock_client(client.pk)
    lock_candidates(booking.query)
    entry_time, is_overbooked = _check_time(booking, now=now)
    entry = take_seat(entry_time, is_overbooked=is_overbooked, occupies_time=not client.is_demo, now=now)
    require_no_seat(entry, client.pk)
    service = booking.query.service
    appointment = Appointment.objects.create(
        entry=entry,
        service=service,
        client=client,
        state=AppointmentState.CONFIRMED,
        source=source or AppointmentSource.STAFF,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        is_overbooked=is_overbooked,
        note=note,
        price_amount=service.price_amount,
        price_currency=service.price_currency,
        location=service.location,
        created_at=now,
        updated_at=now,
    )
    reserve_session(appointment, now=now)
    record_appointment_event(SchedulingEvent.APPOINTMENT_CONFIRMED, appointment, staff=staff, now=now)
    return appointment


@transaction.atomic
def reschedule_appointment(
    booking: StaffBooking, *, appointment_id: UUID, move: StaffMove = StaffMove(), staff: StaffActor, now: datetime
) -> Appointment:
    """Move an appointment, or make it longer or shorter, and confirm it.

    Raises BookingNeedsConfirmation, ClientHasSeat, and AppointmentChanged where it isn't the version that was seen.
    """
    appointment = lock_to_move(booking.query, appointment_id)
    if not appointment.is_open or move.seen_version not in (None, appointment.version):
        raise AppointmentChanged
    own = build_move_query(booking.query, appointment, minutes=move.minutes)
    if _is_there(appointment, own, booking.starts_at):
        return appointment
    time, is_overbooked = _check_time(replace(booking, query=own), now=now)
    event: dict[str, Any] = {"staff": staff, "is_told": move.is_client_told, "now": now}
    return move_appointment(appointment, time, state=AppointmentState.CONFIRMED, is_overbooked=is_overbooked, **event)


def build_move_query(query: SlotQuery, appointment: Appointment, *, minutes: int | None = None) -> SlotQuery:
    """Return the query for the times to which an appointment can be moved, in the length that it is to have.

    A group's time is as long as its service.
    """
    service = copy.copy(query.service)
    if not service.is_group and appointment.entry.capacity == 1:
        service.duration = minutes or (appointment.ends_at - appointment.starts_at) // timedelta(minutes=1)
    return ignore_own_time(replace(query, service=service), appointment)


def list_move_warnings(query: SlotQuery, starts_at: datetime, *, now: datetime) -> list[BookingWarning]:
    """Return what speaks against a time, without taking it."""
    assert query.calendar_id, "staff choose a calendar"
    try:
        find_offered_time(query, starts_at, now=now)
    except SlotUnavailable:
        return find_warnings(query, EntryTime(query.service, query.calendar_id, starts_at))
    return []


def find_warnings(query: SlotQuery, entry_time: EntryTime) -> list[BookingWarning]:
    """Return what keeps clients from booking this time; the caller knows that it isn't offered."""
    times = entry_time.build_fields()
    taken = CalendarEntry.objects.filter(
        calendar=entry_time.calendar_id,
        is_active=True,
        busy_from__lt=times["busy_until"],
        busy_until__gt=times["busy_from"],
    )
    others = [entry for entry in taken if entry.pk != query.ignored_entry_id]
    same = [
        entry for entry in others if entry.service_id == query.service.pk and entry.starts_at == entry_time.starts_at
    ]
    if query.service.is_group and same:
        return [BookingWarning.FULL] if same[0].seats_taken >= same[0].capacity else [BookingWarning.NOT_OFFERED]
    warnings = [BookingWarning.CALENDAR_TAKEN] if others else []
    if query_outside_busy_times([entry_time.calendar_id], times["busy_from"], times["busy_until"]).exists():
        warnings.append(BookingWarning.BUSY_ELSEWHERE)
    if not _has_free_resources(query, _find_taken_resources(query, times["busy_from"], times["busy_until"])):
        warnings.append(BookingWarning.RESOURCE_TAKEN)
    return warnings or [BookingWarning.NOT_OFFERED]


def _check_time(booking: StaffBooking, *, now: datetime) -> tuple[EntryTime, bool]:
    """Return the time to take, and whether it overlaps another appointment. Raises BookingNeedsConfirmation.

    Raises SlotUnavailable for a time that nobody means. The caller has locked the candidates.
    """
    query = booking.query
    assert query.calendar_id, "staff choose a calendar"
    if booking.starts_at.year not in BOOKABLE_YEARS:
        raise SlotUnavailable
    release_overdue_holds(query, booking.starts_at, now=now)
    try:
        return find_offered_time(query, booking.starts_at, now=now), False
    except SlotUnavailable:
        entry_time = EntryTime(query.service, query.calendar_id, booking.starts_at)
    warnings = find_warnings(query, entry_time)
    if not booking.ignores_warnings:
        raise BookingNeedsConfirmation(warnings)
    return _with_free_resources(query, entry_time), not OVERBOOKING_WARNINGS.isdisjoint(warnings)


def _is_there(appointment: Appointment, query: SlotQuery, starts_at: datetime) -> bool:
    """Tell whether an appointment is confirmed for this very time already."""
    length = appointment.ends_at - appointment.starts_at
    present = (appointment.entry.calendar_id, appointment.starts_at, length)
    wanted = (query.calendar_id, starts_at, timedelta(minutes=query.service.duration))
    return appointment.state == AppointmentState.CONFIRMED and present == wanted


def _with_free_resources(query: SlotQuery, entry_time: EntryTime) -> EntryTime:
    """Return the time with the equipment and a room that is free, or else the first room."""
    times = entry_time.build_fields()
    taken = _find_taken_resources(query, times["busy_from"], times["busy_until"])
    rooms = [pk for pk in query.service.room_ids if pk not in taken] or query.service.room_ids
    return replace(entry_time, resource_ids=(*query.service.equipment_ids, *rooms[:1]))


def _find_taken_resources(query: SlotQuery, busy_from: datetime, busy_until: datetime) -> set[UUID]:
    """Return which of the rooms and equipment that the service can use are taken."""
    rows = ResourceReservation.objects.filter(is_active=True, busy_from__lt=busy_until, busy_until__gt=busy_from)
    if query.ignored_entry_id:
        rows = rows.exclude(entry=query.ignored_entry_id)
    needed = [*query.service.room_ids, *query.service.equipment_ids]
    withdrawn = Resource.objects.filter(pk__in=needed, is_active=False).values_list("pk", flat=True)
    return {*rows.filter(resource__in=needed).values_list("resource_id", flat=True), *withdrawn}


def _has_free_resources(query: SlotQuery, taken: set[UUID]) -> bool:
    rooms, equipment = query.service.room_ids, query.service.equipment_ids
    return not taken.intersection(equipment) and (not rooms or not taken.issuperset(rooms))
