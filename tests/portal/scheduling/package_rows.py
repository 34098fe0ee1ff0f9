"""Gives packages to clients in the tests of scheduling, and adds up what became of their sessions."""

from datetime import date
from uuid import uuid4

from portal.clients.models import Client
from portal.scheduling import services
from portal.scheduling.models import ClientPackage, PackageSession, Service, SessionPackage
from portal.scheduling.services import PackageTerms
from tenants.staff.staff_actor import StaffActor
from tests.portal.scheduling.scheduling_rows import NOW

SABINE = StaffActor(person_id=uuid4(), name="Sabine Acker")


def create_package(*covered: Service, sessions: int = 5, staff: StaffActor = SABINE, **fields) -> SessionPackage:
    """Create a package of sessions of these services."""
    values = {"name": "Five massages", "price_amount": 20000, "price_currency": "EUR"} | fields
    ids = [service.pk for service in covered]
    return services.add_session_package(service_ids=ids, sessions=sessions, staff=staff, now=NOW, **values)


def give(
    client: Client,
    *covered: Service,
    sessions: int = 5,
    expires_on: date | None = None,
    note: str = "",
    staff: StaffActor = SABINE,
    **fields,
) -> ClientPackage:
    """Give a client a package of its own."""
    package = create_package(*covered, sessions=sessions, staff=staff, **fields)
    terms = PackageTerms(expires_on=expires_on, note=note)
    return services.give_package(package=package, client=client, terms=terms, staff=staff, now=NOW)


def count(client_package: ClientPackage) -> tuple[int, int, int]:
    """Return how many sessions are reserved, used and left, after comparing the package's counters with its rows."""
    client_package.refresh_from_db()
    states = list(PackageSession.objects.filter(client_package=client_package).values_list("state", flat=True))
    counters = client_package.sessions_reserved, client_package.sessions_used
    assert counters == (states.count("reserved"), states.count("used")), "the counters repeat the rows"
    return (*counters, client_package.sessions_left)


def list_states(client_package: ClientPackage) -> list[str]:
    """Return what became of each session, in the order in which they were taken."""
    sessions = client_package.sessions.order_by("created_at", "pk")
    return list(sessions.values_list("state", flat=True))
