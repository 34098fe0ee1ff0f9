"""Take sessions from clients' packages for appointments: a ledger, whose sums the packages repeat.

A booking reserves a session of the package that ends first. It is used once the appointment has taken place, or its
client stayed away; it is returned when the appointment is declined, cancelled or expires. A client who is too late to
cancel therefore uses it, unless staff return it. Whoever changes sessions has locked their client, as
`client_packages` says.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import (
    TAKEN_STATES,
    Appointment,
    AppointmentState,
    ClientPackage,
    ClientPackageQuerySet,
    PackageSession,
    SessionState,
)
from portal.scheduling.services.appointment_locks import lock_appointment
from portal.scheduling.services.client_packages import get_business_day, record_package_event
from tenants.staff.staff_actor import StaffActor

# What becomes of a reserved session where its appointment comes into a state; in others it stays reserved.
STATE_BY_APPOINTMENT = {
    AppointmentState.DONE: SessionState.USED,
    AppointmentState.NO_SHOW: SessionState.USED,
    AppointmentState.DECLINED: SessionState.RETURNED,
    AppointmentState.CANCELLED: SessionState.RETURNED,
    AppointmentState.EXPIRED: SessionState.RETURNED,
}
EVENT_BY_STATE = {
    SessionState.RESERVED: SchedulingEvent.SESSION_RESERVED,
    SessionState.USED: SchedulingEvent.SESSION_USED,
    SessionState.RETURNED: SchedulingEvent.SESSION_RETURNED,
}
COUNTER_BY_STATE = {SessionState.RESERVED: "sessions_reserved", SessionState.USED: "sessions_used"}
BATCH_SIZE = 500


def query_usable_packages(client_id: UUID, service_id: UUID, starts_at: datetime) -> ClientPackageQuerySet:
    """Return a client's packages that have a session for a service at this time, that which is used first in front."""
    own: ClientPackageQuerySet = ClientPackage.objects.filter(client=client_id, services=service_id)
    return own.with_sessions_left().valid_on(get_business_day(starts_at)).first_to_expire()


def has_usable_package(client_id: UUID, service_id: UUID) -> bool:
    """Tell whether a client has a package of which a session could be taken for a service, on whatever day."""
    return ClientPackage.objects.filter(client=client_id, services=service_id).with_sessions_left().exists()


def find_taken_session(appointment: Appointment) -> PackageSession | None:
    """Return the session that an appointment has reserved or used, with its package."""
    taken = PackageSession.objects.filter(appointment=appointment, state__in=TAKEN_STATES)
    if session := taken.select_related("client_package").first():
        session.appointment = appointment
    return session


def reserve_session(appointment: Appointment, *, now: datetime) -> PackageSession | None:
    """Reserve a session for an appointment that was just booked, or return None where its client has none."""
    if appointment.client_id is None or not appointment.is_open:
        return None
    for package in query_usable_packages(appointment.client_id, appointment.service_id, appointment.starts_at):
        if session := take_session_of(package, appointment=appointment, now=now):
            return session
    return None


def close_session(appointment: Appointment, *, now: datetime) -> None:
    """Use or return the session of an appointment as its state says; one that is closed already stays so."""
    state = STATE_BY_APPOINTMENT.get(AppointmentState(appointment.state))
    if state is None or appointment.client_id is None:
        return
    session = find_taken_session(appointment)
    if session and session.state == SessionState.RESERVED:
        change_session(session, state, now=now)


def keep_session_valid(appointment: Appointment, *, now: datetime) -> None:
    """Take the session of another package, or none, where its client moved an appointment past the package's end."""
    session = find_taken_session(appointment)
    if session and session.client_package.has_expired(get_business_day(appointment.starts_at)):
        change_session(session, SessionState.RETURNED, now=now)
        reserve_session(appointment, now=now)


def reopen_session(appointment: Appointment, *, now: datetime) -> None:
    """Reserve the used session of an appointment again that is moved to a time to come, so that it can be returned."""
    if not (appointment.is_open and appointment.ends_at > now):
        return
    session = find_taken_session(appointment)
    if session and session.state == SessionState.USED:
        change_session(session, SessionState.RESERVED, now=now)


def use_past_sessions(*, now: datetime) -> int:
    """Use the sessions of appointments that are over without anybody having marked them, and return how many."""
    over = Appointment.objects.filter(state=AppointmentState.CONFIRMED, ends_at__lte=now)
    due = over.filter(package_sessions__state=SessionState.RESERVED).order_by("ends_at")
    return sum(_use_past_session(pk, now=now) for pk in list(due.values_list("pk", flat=True)[:BATCH_SIZE]))


def return_sessions(session_ids: list[UUID], *, now: datetime) -> None:
    """Return sessions whose appointments are gone; those that are closed stay so."""
    rows = PackageSession.objects.filter(pk__in=session_ids, state=SessionState.RESERVED).order_by("client_package_id")
    for session in rows.select_related("client_package", "appointment__service"):
        change_session(session, SessionState.RETURNED, now=now)


def take_session_of(
    package: ClientPackage,
    *,
    appointment: Appointment | None = None,
    key: UUID | None = None,
    state: SessionState = SessionState.RESERVED,
    reason: str = "",
    staff: StaffActor | None = None,
    now: datetime,
) -> PackageSession | None:
    """Take one session of a package, or return None where none is left or the package was withdrawn."""
    counter = COUNTER_BY_STATE[state]
    found = ClientPackage.objects.filter(pk=package.pk).with_sessions_left()
    if not found.update(**{counter: F(counter) + 1}):
        return None
    session = PackageSession.objects.create(
        pk=key or uuid4(),
        client_package=package,
        client_id=package.client_id,
        appointment=appointment,
        state=state,
        reason=reason,
        created_at=now,
        updated_at=now,
    )
    _record(session, staff=staff, now=now)
    return session


def change_session(
    session: PackageSession, state: SessionState, *, reason: str = "", staff: StaffActor | None = None, now: datetime
) -> bool:
    """Use, return or reserve again a session that was read; False if somebody else has changed it since."""
    before = SessionState(session.state)
    fields = {"state": state, "updated_at": now} | ({"reason": reason} if reason else {})
    if before == state or not PackageSession.objects.filter(pk=session.pk, state=before).update(**fields):
        return False
    steps = {COUNTER_BY_STATE[before]: -1} | ({COUNTER_BY_STATE[state]: 1} if state in COUNTER_BY_STATE else {})
    changed = {name: F(name) + step for name, step in steps.items()}
    ClientPackage.objects.filter(pk=session.client_package_id).update(**changed)
    session.state, session.reason = state, reason or session.reason
    _record(session, staff=staff, now=now)
    return True


@transaction.atomic
def _use_past_session(appointment_id: UUID, *, now: datetime) -> int:
    appointment = lock_appointment(appointment_id)
    session = find_taken_session(appointment)
    is_over = appointment.state == AppointmentState.CONFIRMED and appointment.ends_at <= now
    if not (is_over and session and session.state == SessionState.RESERVED):
        return 0
    return int(change_session(session, SessionState.USED, now=now))


def _record(session: PackageSession, *, staff: StaffActor | None, now: datetime) -> None:
    """Record what became of a session, without the reason, which may be personal."""
    appointment = session.appointment
    about = {"service": appointment.service.name, "starts_at": appointment.starts_at.isoformat()} if appointment else {}
    event_type = EVENT_BY_STATE[SessionState(session.state)]
    record_package_event(event_type, session.client_package, staff=staff, now=now, **about)
