"""The packages of the demo's businesses, and those that its clients have in use."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.clients.models import Client
from portal.scheduling.models import (
    Appointment,
    AppointmentState,
    ClientPackage,
    PackageSession,
    Service,
    SessionPackage,
    SessionState,
)
from portal.scheduling.services.client_packages import get_last_day

SESSIONS, VALIDITY_DAYS = 5, 365
# Four visits paid for five.
PAID_SESSIONS = 4
STATES = {
    AppointmentState.DONE: SessionState.USED,
    AppointmentState.CONFIRMED: SessionState.RESERVED,
    AppointmentState.REQUESTED: SessionState.RESERVED,
}


def create_package(services: Sequence[Service], created_at: datetime) -> SessionPackage:
    """Create a package of the services that clients come to alone."""
    covered = [service for service in services if not service.is_group]
    price = max(service.price_amount or 0 for service in covered)
    package = SessionPackage.objects.create(
        name="Five visits",
        sessions=SESSIONS,
        validity_days=VALIDITY_DAYS,
        price_amount=PAID_SESSIONS * price,
        price_currency=covered[0].price_currency,
        created_at=created_at,
    )
    package.services.set(covered)
    return package


def use_package(package: SessionPackage, client: Client, appointments: Sequence[Appointment], now: datetime) -> None:
    """Give a client a package a month ago, of which their last two visits and the next two use sessions."""
    past = [one for one in appointments if one.state == AppointmentState.DONE][-2:]
    coming = [one for one in appointments if one.is_open and one.starts_at > now][:2]
    found = [*past, *coming]
    states = [STATES[AppointmentState(one.state)] for one in found]
    given_at = now - timedelta(days=31)
    given = ClientPackage.objects.create(
        client=client,
        package=package,
        name=package.name,
        price_amount=package.price_amount,
        price_currency=package.price_currency,
        sessions_total=package.sessions,
        sessions_reserved=states.count(SessionState.RESERVED),
        sessions_used=states.count(SessionState.USED),
        expires_on=get_last_day(package, now=given_at),
        given_at=given_at,
    )
    given.services.set(package.services.all())
    PackageSession.objects.bulk_create(
        PackageSession(
            client_package=given, client=client, appointment=one, state=state, created_at=one.created_at, updated_at=now
        )
        for one, state in zip(found, states, strict=True)
    )
