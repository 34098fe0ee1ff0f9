"""Assigning an appointment to a client takes its locks in the order of all others, so that nobody waits for ever."""

import pytest

from portal.clients.models import Client
from portal.scheduling import services
from portal.scheduling.models import Appointment
from portal.scheduling.services.appointment_locks import lock_client
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.lock_contention import run_blocked
from tests.portal.scheduling import package_rows as packages
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.package_rows import SABINE
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def chosen(acme) -> Client:
    """One of two clients of the same address, who has a package."""
    with use_business(acme):
        _other, client = (ClientFactory(email="nora@example.com") for _one in range(2))
        yield client


def test_an_appointment_is_assigned_after_whoever_changes_its_client(acme, chosen):
    query = rows.build_query(rows.create_service(rows.create_calendar()), business=acme)
    package = packages.give(chosen, query.service)
    booked = rows.book(query, at(10), email="nora@example.com")
    services.match_appointment(appointment_id=booked.pk, now=NOW)
    booked.refresh_from_db()
    assert booked.match_result == "ambiguous"
    assign = lambda: services.assign_appointment(  # noqa: E731
        appointment_id=booked.pk, client=chosen, staff=SABINE, now=NOW
    )
    same = Appointment.objects.filter(pk=booked.pk).select_for_update(of=["self"], no_key=True)
    with run_blocked(assign, business=acme, once_blocked=same.get) as results:
        lock_client(chosen.pk)
    assert not isinstance(results[0], Exception), results
    assert packages.count(package) == (1, 0, 4)
