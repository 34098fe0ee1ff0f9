"""What staff change of a client's sessions by hand: take one, return one, or choose which an appointment uses."""

from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.db import transaction

from portal.scheduling.models import (
    TAKEN_STATES,
    Appointment,
    AppointmentState,
    ClientPackage,
    PackageSession,
    SessionState,
)
from portal.scheduling.services.answers import AppointmentChanged
from portal.scheduling.services.appointment_locks import lock_appointment, lock_client
from portal.scheduling.services.client_packages import lock_client_package
from portal.scheduling.services.package_sessions import (
    change_session,
    find_taken_session,
    query_usable_packages,
    take_session_of,
)
from tenants.staff.staff_actor import StaffActor

ATTENDED_STATES = (AppointmentState.DONE, AppointmentState.NO_SHOW)


class NoSessionLeft(Exception):
    """The package has no session for this: all are taken, it was withdrawn or has ended, or covers other services."""


@transaction.atomic
def take_session(
    *, client_package: ClientPackage, reason: str, key: UUID | None = None, staff: StaffActor, now: datetime
) -> PackageSession:
    """Use a session without an appointment, for a reason that staff give. Raises NoSessionLeft.

    Staff may take one after the package's last day: they agree on it with the client. A form with a `key` that
    is sent twice takes one.
    """
    package = lock_client_package(client_package)
    session_key = uuid5(key, str(package.pk)) if key else uuid4()
    if key and (taken := package.sessions.filter(pk=session_key).first()):
        return taken
    session = take_session_of(package, key=session_key, state=SessionState.USED, reason=reason, staff=staff, now=now)
    if session is None:
        raise NoSessionLeft
    return session


@transaction.atomic
def return_session(*, session: PackageSession, reason: str, staff: StaffActor, now: datetime) -> bool:
    """Return a session that is reserved or used, for a reason that staff give; False if it was returned already."""
    lock_client(session.client_id)
    rows = PackageSession.objects.select_related("client_package", "appointment__service")
    found = rows.get(pk=session.pk)
    if found.state not in TAKEN_STATES:
        return False
    return change_session(found, SessionState.RETURNED, reason=reason, staff=staff, now=now)


@transaction.atomic
def choose_session(
    *, appointment_id: UUID, client_package_id: UUID | None, staff: StaffActor, now: datetime
) -> PackageSession | None:
    """Let an appointment use a session of this package of its client's, or none. Raises NoSessionLeft.

    Raises AppointmentChanged where it doesn't take place, and Appointment.DoesNotExist.
    """
    appointment = lock_appointment(appointment_id)
    if not (appointment.is_open or appointment.state in ATTENDED_STATES):
        raise AppointmentChanged
    current = find_taken_session(appointment)
    if current and current.client_package_id == client_package_id:
        return current
    if current:
        change_session(current, SessionState.RETURNED, staff=staff, now=now)
    if client_package_id is None:
        return None
    return _take_for(appointment, client_package_id, staff=staff, now=now)


def _take_for(appointment: Appointment, client_package_id: UUID, *, staff: StaffActor, now: datetime) -> PackageSession:
    if appointment.client_id is None:
        raise NoSessionLeft
    usable = query_usable_packages(appointment.client_id, appointment.service_id, appointment.starts_at)
    package = usable.filter(pk=client_package_id).first()
    is_past = appointment.state in ATTENDED_STATES or appointment.ends_at <= now
    state = SessionState.USED if is_past else SessionState.RESERVED
    session = package and take_session_of(package, appointment=appointment, state=state, staff=staff, now=now)
    if session is None:
        raise NoSessionLeft
    return session
