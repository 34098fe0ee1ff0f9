"""Bookings at the same moment never take more sessions than a package has, and end without a deadlock."""

import uuid

import pytest
from django.db import transaction

from portal.scheduling import personal_data, services
from portal.scheduling.models import Appointment, ClientPackage, PackageSession
from portal.scheduling.services.appointment_locks import lock_client
from tenants.context import use_business
from tests.attacks.concurrent_tasks import run_concurrently
from tests.factories import ClientFactory
from tests.lock_contention import run_blocked
from tests.portal.scheduling import package_rows as packages
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.package_rows import SABINE
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("committed_db")

BOOKINGS = 200
BY = {"staff": SABINE, "now": NOW}


@pytest.fixture
def business(acme):
    """Acme, with the thread in its schema."""
    with use_business(acme):
        yield acme


@pytest.fixture
def query(business):
    """The times of a class, which holds enough for all."""
    calendar = rows.create_calendar()
    return rows.build_query(rows.create_service(calendar, capacity=300), calendar, business=business, days=7)


def test_two_hundred_bookings_of_one_client_take_the_last_session_once(business, acme):
    client, calendar = ClientFactory(), rows.create_calendar("Timo", hours=(0, 24 * 60))
    query = rows.build_query(rows.create_service(calendar), calendar, business=acme)
    package = packages.give(client, query.service, sessions=1)

    @transaction.atomic
    def book(number: int) -> str:
        with use_business(acme):
            return rows.book(query, at(number % 24, days=number // 24), client=client).state

    assert run_concurrently(book, range(BOOKINGS)) == ["confirmed"] * BOOKINGS
    assert Appointment.objects.filter(state="confirmed").count() == BOOKINGS
    assert packages.count(package) == (1, 0, 0)


def test_forty_clients_book_one_class_each_with_a_session_of_their_own(business, acme, query):
    own = [packages.give(ClientFactory(), query.service, sessions=1) for _number in range(40)]

    def book(package: ClientPackage) -> Appointment:
        with use_business(acme):
            return rows.book(query, at(10), client=package.client)

    assert len(run_concurrently(book, own)) == 40
    assert {packages.count(package) for package in own} == {(1, 0, 0)}


def test_a_session_is_returned_once_while_its_appointment_is_cancelled_and_marked(business, query):
    package = packages.give(ClientFactory(), query.service)
    booked = rows.book(query, at(10), client=package.client)
    mark = lambda: services.mark_done(appointment_id=booked.pk, staff=SABINE, now=at(10, 30))  # noqa: E731
    with run_blocked(mark, business=business) as results:
        services.cancel_appointment(appointment_id=booked.pk, staff=SABINE, now=at(10, 30))
    assert isinstance(results[0], services.AppointmentChanged)
    assert packages.count(package) == (0, 0, 5)


def test_the_last_session_is_not_taken_twice_by_staff_and_a_booking(business, query):
    package = packages.give(ClientFactory(), query.service, sessions=1)
    take = lambda: services.take_session(client_package=package, reason="Walked in", **BY)  # noqa: E731
    with run_blocked(take, business=business) as results:
        rows.book(query, at(10), client=package.client)
    assert isinstance(results[0], services.NoSessionLeft)
    assert packages.count(package) == (1, 0, 0)


def test_an_appointment_that_is_moved_while_its_time_passes_uses_no_session(business, query):
    package = packages.give(ClientFactory(), query.service)
    booked = rows.book(query, at(10), client=package.client)
    later = services.StaffBooking(query, at(14))
    with run_blocked(lambda: services.use_past_sessions(now=at(11)), business=business) as results:
        services.reschedule_appointment(later, appointment_id=booked.pk, **BY)
    assert results == [0]
    assert packages.count(package) == (1, 0, 4)


def test_packages_move_to_the_client_who_survives_a_merge_while_a_session_is_taken(business, query):
    survivor, duplicate = ClientFactory(), ClientFactory()
    package = packages.give(duplicate, query.service)
    take = lambda: services.take_session(client_package=package, reason="Walked in", **BY)  # noqa: E731
    with run_blocked(take, business=business) as results:
        lock_client(survivor.pk)
        lock_client(duplicate.pk)
        for policy in personal_data.POLICIES:
            policy.merge_client_rows(survivor_id=survivor.pk, duplicate_id=duplicate.pk, now=NOW)
    assert not isinstance(results[0], Exception), results
    assert ClientPackage.objects.get().client == survivor
    assert packages.count(package) == (0, 1, 4)
    assert set(PackageSession.objects.values_list("client_id", flat=True)) == {survivor.pk}


def test_of_two_seats_of_a_merged_person_one_returns_its_session(business, query):
    survivor, duplicate = ClientFactory(), ClientFactory()
    own = [packages.give(client, query.service) for client in (survivor, duplicate)]
    for package in own:
        rows.book(query, at(10), client=package.client)
    with transaction.atomic():
        for policy in personal_data.POLICIES:
            policy.merge_client_rows(survivor_id=survivor.pk, duplicate_id=duplicate.pk, now=NOW)
    assert [packages.count(package) for package in own] == [(1, 0, 4), (0, 0, 5)]


def test_a_form_that_is_sent_twice_at_once_gives_one_package(business, acme, query):
    client, package = ClientFactory(), packages.create_package(query.service)
    terms = services.PackageTerms(key=uuid.uuid4())

    def give(_number: int) -> ClientPackage:
        with use_business(acme):
            return services.give_package(package=package, client=client, terms=terms, **BY)

    assert len({given.pk for given in run_concurrently(give, range(8))}) == 1
    assert ClientPackage.objects.count() == 1
