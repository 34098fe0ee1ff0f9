"""Staff's answers to requests, and what they mark an appointment as."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment, AppointmentState
from portal.scheduling.services.appointment_events import record_appointment_event
from portal.scheduling.services.appointment_locks import lock_appointment
from portal.scheduling.services.calendar_entries import release_seats
from portal.scheduling.services.package_sessions import close_session
from tenants.staff.staff_actor import StaffActor


class AppointmentChanged(Exception):
    """The appointment is in another state than the change needs: somebody else has answered or cancelled it."""


@transaction.atomic
def confirm_appointment(*, appointment_id: UUID, staff: StaffActor | None = None, now: datetime) -> Appointment:
    """Confirm a request; without `staff` the rules of the business do. Raises AppointmentChanged."""
    appointment = lock_appointment(appointment_id)
    _require(appointment.state == AppointmentState.REQUESTED and appointment.starts_at > now)
    return change_state(
        appointment, AppointmentState.CONFIRMED, SchedulingEvent.APPOINTMENT_CONFIRMED, staff=staff, now=now
    )


@transaction.atomic
def decline_appointment(
    *,
    appointment_id: UUID,
    staff: StaffActor,
    reason: str = "",
    proposed_starts_at: datetime | None = None,
    now: datetime,
) -> Appointment:
    """Decline a request, with a reason or another time for the client to book. Raises AppointmentChanged."""
    appointment = lock_appointment(appointment_id)
    _require(appointment.state == AppointmentState.REQUESTED)
    appointment.reason, appointment.proposed_starts_at = reason, proposed_starts_at
    release_seats(appointment.entry_id)
    return change_state(
        appointment, AppointmentState.DECLINED, SchedulingEvent.APPOINTMENT_DECLINED, staff=staff, now=now
    )


@transaction.atomic
def mark_done(*, appointment_id: UUID, staff: StaffActor, now: datetime) -> Appointment:
    """Mark that an appointment took place, or that it did after all. Raises AppointmentChanged."""
    return _mark_attendance(
        appointment_id, AppointmentState.DONE, SchedulingEvent.APPOINTMENT_DONE, staff=staff, now=now
    )


@transaction.atomic
def mark_no_show(*, appointment_id: UUID, staff: StaffActor, now: datetime) -> Appointment:
    """Mark that a client did not come, or did not after all. Raises AppointmentChanged."""
    return _mark_attendance(
        appointment_id, AppointmentState.NO_SHOW, SchedulingEvent.APPOINTMENT_NO_SHOW, staff=staff, now=now
    )


def expire_requests(*, now: datetime) -> int:
    """Let requests expire whose time has come without an answer, and return how many there were."""
    due = Appointment.objects.filter(state=AppointmentState.REQUESTED, starts_at__lte=now)
    ids = list(due.order_by("starts_at").values_list("pk", flat=True)[:500])
    return sum(_expire_request(pk, now=now) for pk in ids)


def change_state(
    appointment: Appointment,
    state: AppointmentState,
    event_type: SchedulingEvent,
    *,
    now: datetime,
    **event: Any,
) -> Appointment:
    """Save a locked appointment in another state, and record it. Other arguments describe the event.

    A session of a package that it has reserved is used or returned.
    """
    appointment.state, appointment.updated_at = state, now
    appointment.version += 1
    appointment.save()
    close_session(appointment, now=now)
    record_appointment_event(event_type, appointment, now=now, **event)
    return appointment


def _mark_attendance(
    appointment_id: UUID, state: AppointmentState, event_type: SchedulingEvent, *, staff: StaffActor, now: datetime
) -> Appointment:
    appointment = lock_appointment(appointment_id)
    markable = {AppointmentState.CONFIRMED, AppointmentState.DONE, AppointmentState.NO_SHOW} - {state}
    _require(AppointmentState(appointment.state) in markable and appointment.starts_at <= now)
    return change_state(appointment, state, event_type, staff=staff, now=now)


@transaction.atomic
def _expire_request(appointment_id: UUID, *, now: datetime) -> int:
    appointment = lock_appointment(appointment_id)
    if appointment.state != AppointmentState.REQUESTED or appointment.starts_at > now:
        return 0
    release_seats(appointment.entry_id)
    change_state(appointment, AppointmentState.EXPIRED, SchedulingEvent.APPOINTMENT_EXPIRED, now=now)
    return 1


def _require(condition: bool) -> None:
    if not condition:
        raise AppointmentChanged
