"""Packages go where their client goes: they are exported, erased, and freed of what belonged to somebody erased."""

import pytest
from django.db import transaction

from portal.clients import services as clients
from portal.scheduling import personal_data
from portal.scheduling.models import Appointment, ClientPackage, PackageSession
from portal.scheduling.services import take_session
from portal.scheduling.services.package_sessions import reserve_session
from tests.factories import ClientFactory
from tests.portal.scheduling import package_rows as packages
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("in_acme")

POLICIES = {policy.key: policy for policy in personal_data.POLICIES}


@pytest.fixture
def query(in_acme):
    """The times of one service."""
    return rows.build_query(rows.create_service(rows.create_calendar()))


def erase(client) -> None:
    """Erase a client from the tables of scheduling."""
    person = clients.identify_person(client.ids_with_merged(), country="DE")
    with transaction.atomic():
        for policy in personal_data.POLICIES:
            policy.erase_person_rows(person, now=NOW)


def test_an_export_holds_packages_and_what_became_of_their_sessions(query):
    package = packages.give(ClientFactory(), query.service, note="A gift")
    take_session(client_package=package, reason="Walked in", staff=packages.SABINE, now=NOW)
    [exported] = POLICIES["session-packages"].export_client_rows([package.client_id])
    assert (exported["name"], exported["sessions_used"], exported["note"]) == ("Five massages", 1, "A gift")
    [session] = POLICIES["package-sessions"].export_client_rows([package.client_id])
    assert (session["state"], session["reason"]) == ("used", "Walked in")


def test_an_erased_client_leaves_no_package_and_others_keep_theirs(query):
    erased, kept = (packages.give(ClientFactory(), query.service) for _number in range(2))
    for hour, package in ((10, erased), (12, kept)):
        rows.book(query, at(hour), client=package.client)
    erase(erased.client)
    assert ClientPackage.objects.get() == kept
    assert packages.count(kept) == (1, 0, 4)


def test_the_session_of_an_appointment_that_is_erased_with_somebody_else_is_returned(query):
    package = packages.give(ClientFactory(name="Ben Marsh"), query.service)
    booked = rows.book(query, at(10))
    Appointment.objects.filter(pk=booked.pk).update(client=package.client, match_result="known")
    booked.refresh_from_db()
    reserve_session(booked, now=NOW)
    assert packages.count(package) == (1, 0, 4)

    erase(ClientFactory(name="Ana Pereira", email="ana@example.com"))

    assert not Appointment.objects.exists()
    assert packages.count(package) == (0, 0, 5)
    assert PackageSession.objects.get().appointment is None
