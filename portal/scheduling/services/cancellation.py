"""Cancel appointments: by clients within the business's window, by staff at any time before the end."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from portal.clients.models import Client
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment, AppointmentState, SchedulingSettings
from portal.scheduling.services.answers import AppointmentChanged, change_state
from portal.scheduling.services.appointment_locks import lock_appointment
from portal.scheduling.services.calendar_entries import release_seats
from tenants.staff.staff_actor import StaffActor


class ChangeWindowClosed(Exception):
    """The client can't change the appointment without the business: it is too late, or its service isn't offered."""


def is_window_open(appointment: Appointment, minutes: int, *, now: datetime) -> bool:
    """Return whether a client can still change an open appointment that starts no sooner than in so many minutes."""
    time_left = appointment.starts_at - now
    return appointment.is_open and time_left > timedelta(0) and time_left >= timedelta(minutes=minutes)


@transaction.atomic
def cancel_appointment(
    *, appointment_id: UUID, staff: StaffActor | None = None, reason: str = "", now: datetime
) -> Appointment:
    """Cancel an appointment on behalf of the business, and free its time. Raises AppointmentChanged."""
    appointment = lock_appointment(appointment_id)
    return cancel_locked_appointment(appointment, staff=staff, reason=reason, now=now)


@transaction.atomic
def cancel_own_appointment(
    *, appointment_id: UUID, client: Client, rules: SchedulingSettings, reason: str = "", now: datetime
) -> Appointment:
    """Cancel an appointment on behalf of its client. Raises ChangeWindowClosed and AppointmentChanged.

    Raises Appointment.DoesNotExist for that of another client.
    """
    appointment = lock_own_appointment(appointment_id, client)
    if appointment.is_open and not is_window_open(appointment, rules.cancel_window, now=now):
        raise ChangeWindowClosed
    return cancel_locked_appointment(appointment, is_by_client=True, reason=reason, now=now)


def lock_own_appointment(appointment_id: UUID, client: Client) -> Appointment:
    """Return a client's appointment, locked. Raises Appointment.DoesNotExist for that of another client."""
    appointment = lock_appointment(appointment_id)
    if appointment.client_id != client.pk:
        raise Appointment.DoesNotExist
    return appointment


def cancel_locked_appointment(
    appointment: Appointment,
    *,
    staff: StaffActor | None = None,
    is_by_client: bool = False,
    is_told: bool = True,
    reason: str,
    now: datetime,
) -> Appointment:
    """Cancel an appointment that the caller has locked. Raises AppointmentChanged."""
    if not appointment.is_open or appointment.ends_at <= now:
        raise AppointmentChanged
    appointment.reason = reason
    release_seats(appointment.entry_id)
    return change_state(
        appointment,
        AppointmentState.CANCELLED,
        SchedulingEvent.APPOINTMENT_CANCELLED,
        staff=staff,
        is_by_client=is_by_client,
        is_told=is_told,
        now=now,
    )
