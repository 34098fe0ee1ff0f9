"""Staff take and return single sessions, choose which an appointment uses, and no step leaves the sums wrong."""

import random
from datetime import timedelta

import pytest

from portal.scheduling import services
from portal.scheduling.models import Appointment, PackageSession
from portal.scheduling.services import (
    AppointmentChanged,
    NoSessionLeft,
    PackageArchived,
    PackageTerms,
    PackageWithdrawn,
    SlotUnavailable,
)
from tests.factories import ClientFactory
from tests.portal.scheduling import package_rows as packages
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.package_rows import SABINE
from tests.portal.scheduling.scheduling_rows import MONDAY, NOW, at

pytestmark = pytest.mark.usefixtures("in_acme")

BY = {"staff": SABINE, "now": NOW}


@pytest.fixture
def query(in_acme):
    """The times of one service for a week."""
    calendar = rows.create_calendar()
    return rows.build_query(rows.create_service(calendar), calendar, days=7)


@pytest.fixture
def client(in_acme):
    """A client on the list."""
    return ClientFactory()


@pytest.fixture
def package(client, query):
    """Two sessions of that client's."""
    return packages.give(client, query.service, sessions=2)


def test_staff_take_sessions_until_none_is_left_and_return_them(package):
    first, _second = (services.take_session(client_package=package, reason="Walked in", **BY) for _time in range(2))
    with pytest.raises(NoSessionLeft):
        services.take_session(client_package=package, reason="Walked in", **BY)
    assert services.return_session(session=first, reason="Counted twice", **BY)
    assert not services.return_session(session=first, reason="Counted twice", **BY)
    assert packages.count(package) == (0, 1, 1)
    assert PackageSession.objects.get(pk=first.pk).reason == "Counted twice"


def test_a_session_that_staff_returned_is_not_used_after_the_visit(query, client, package):
    booked = rows.book(query, at(9), client=client)
    services.return_session(session=PackageSession.objects.get(), reason="On the house", **BY)
    services.mark_done(appointment_id=booked.pk, staff=SABINE, now=at(10))
    assert packages.count(package) == (0, 0, 2)


def test_an_appointment_uses_the_package_that_staff_choose_or_none(query, client, package):
    other = packages.give(client, query.service)
    booked = rows.book(query, at(9), client=client)
    choose = lambda key, now=NOW: services.choose_session(  # noqa: E731
        appointment_id=booked.pk, client_package_id=key, staff=SABINE, now=now
    )
    assert choose(other.pk) == choose(other.pk)
    assert (packages.count(package), packages.count(other)) == ((0, 0, 2), (1, 0, 4))
    assert choose(None) is None
    assert packages.count(other) == (0, 0, 5)
    assert choose(package.pk, at(10)).state == "used"


def test_an_appointment_that_is_over_can_still_be_given_a_session(query, client):
    booked = rows.book(query, at(9), client=client)
    package = packages.give(client, query.service)
    services.mark_done(appointment_id=booked.pk, staff=SABINE, now=at(10))
    services.choose_session(appointment_id=booked.pk, client_package_id=package.pk, staff=SABINE, now=at(10))
    assert packages.count(package) == (0, 1, 4)


def test_an_appointment_can_use_no_package_that_is_not_for_it(query, client, package):
    booked = rows.book(query, at(9), client=client)
    elsewhere = rows.create_service(name="Yoga")
    ended = packages.give(client, query.service, expires_on=(MONDAY - timedelta(days=1)).date())
    foreign = packages.give(ClientFactory(), query.service)
    for wrong in (ended, foreign, packages.give(client, elsewhere)):
        with pytest.raises(NoSessionLeft):
            services.choose_session(appointment_id=booked.pk, client_package_id=wrong.pk, **BY)
    assert packages.count(package) == (1, 0, 1)


def test_a_cancelled_appointment_is_given_no_session(query, client, package):
    booked = rows.book(query, at(9), client=client)
    services.cancel_appointment(appointment_id=booked.pk, **BY)
    with pytest.raises(AppointmentChanged):
        services.choose_session(appointment_id=booked.pk, client_package_id=package.pk, **BY)


def test_a_form_that_is_sent_twice_gives_one_package(query, client):
    package, terms = packages.create_package(query.service), PackageTerms(key=client.pk)
    first, second = (services.give_package(package=package, client=client, terms=terms, **BY) for _time in range(2))
    assert first == second
    assert list(first.services.all()) == [query.service]


def test_the_form_of_one_client_sent_for_another_gives_each_a_package(client, package):
    terms, other = PackageTerms(key=client.pk), ClientFactory()
    own = [services.give_package(package=package.package, client=one, terms=terms, **BY) for one in (client, other)]
    assert [given.client for given in own] == [client, other]


def test_an_archived_package_is_not_given_and_a_withdrawn_one_not_changed(client, package):
    services.archive_session_package(package=package.package, **BY)
    package.package.refresh_from_db()
    with pytest.raises(PackageArchived):
        services.give_package(package=package.package, client=client, terms=PackageTerms(), **BY)
    assert services.withdraw_client_package(client_package=package, **BY)
    assert not services.withdraw_client_package(client_package=package, **BY)
    with pytest.raises(PackageWithdrawn):
        services.change_client_package(client_package=package, note="More", **BY)
    with pytest.raises(NoSessionLeft):
        services.take_session(client_package=package, reason="Walked in", **BY)


@pytest.mark.parametrize("seed", range(12))
def test_no_step_leaves_sums_that_differ_from_the_sessions(query, client, seed):
    steps = random.Random(seed)
    own = [packages.give(client, query.service, sessions=size) for size in (1, 3)]
    for number in range(40):
        _take_random_step(steps, query, client, own, now=NOW + timedelta(hours=5 * number))
        for package in own:
            assert packages.count(package)[2] >= 0


def _take_random_step(steps, query, client, own, *, now):
    """Do one thing that staff, the client or the clock may do; what is refused changes nothing."""
    booked = list(Appointment.objects.booked().order_by("created_at", "pk"))
    one = steps.choice(booked) if booked else None
    taken = list(PackageSession.objects.order_by("created_at", "pk"))
    package = steps.choice([*own, None])
    about = {"staff": SABINE, "now": now}
    actions = [lambda: rows.book(query, at(steps.randrange(9, 17), days=steps.randrange(7)), client=client, now=now)]
    actions += [lambda: services.use_past_sessions(now=now)]
    if taken:
        actions += [lambda: services.return_session(session=steps.choice(taken), reason="Sorry", **about)]
    if package:
        actions += [lambda: services.take_session(client_package=package, reason="Walked in", **about)]
    if one:
        key = package.pk if package else None
        actions += [
            lambda: services.choose_session(appointment_id=one.pk, client_package_id=key, **about),
            lambda: services.cancel_appointment(appointment_id=one.pk, **about),
            lambda: steps.choice([services.mark_done, services.mark_no_show])(appointment_id=one.pk, **about),
        ]
    try:
        steps.choice(actions)()
    except (AppointmentChanged, NoSessionLeft, SlotUnavailable):
        return
