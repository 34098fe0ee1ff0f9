"""Tests of the pages on which staff define packages, give them to clients, and take and return their sessions."""

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.scheduling.models import ClientPackage, PackageSession, SessionPackage
from portal.scheduling.services import get_business_day, take_session
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.scheduling import package_rows as packages
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.appointment_steps import read_page
from tests.portal.scheduling.console.page_forms import save_form
from tests.portal.scheduling.package_rows import SABINE
from tests.portal.scheduling.scheduling_rows import NOW, at

SETUP = "/console/acme/calendar/packages/"


@pytest.fixture
def browser(staff_client, time_machine):
    """A browser of Acme's owner, a week before everything happens."""
    time_machine.move_to(NOW, tick=False)
    return staff_client("owner")


@pytest.fixture
def query(acme, browser):
    """The times of a massage at Acme."""
    with use_business(acme):
        calendar = rows.create_calendar()
        return rows.build_query(rows.create_service(calendar), calendar)


@pytest.fixture
def client(acme, browser):
    """A client of Acme's."""
    with use_business(acme):
        return ClientFactory(name="Ana Pereira")


@pytest.fixture
def given(acme, client, query):
    """A package of that client's."""
    with use_business(acme):
        return packages.give(client, query.service)


@pytest.fixture
def page(client, given):
    """The address of that package's page."""
    return f"/console/acme/clients/{client.pk}/packages/{given.pk}/"


def test_a_package_is_added_changed_archived_and_restored(acme, browser, query):
    typed = {"name": "Ten massages", "sessions": "10", "services": str(query.service.pk), "price": "450"}
    assert browser.post(f"{SETUP}new/", typed).status_code == 302
    with use_business(acme):
        package = SessionPackage.objects.get()
        assert (package.sessions, package.price_amount, package.validity_days) == (10, 45000, None)
    save_form(browser, f"{SETUP}{package.pk}/", validity_days="365")
    assert "with 10 sessions · €450.00 · valid for 365 days · Massage" in read_page(browser.get(SETUP))
    browser.post(f"{SETUP}{package.pk}/archival/")
    assert "1 archived package" in read_page(browser.get(SETUP))
    browser.post(f"{SETUP}{package.pk}/restoration/")
    assert "archived package" not in read_page(browser.get(SETUP))


@pytest.mark.parametrize(
    "typed",
    [
        *({"name": ""}, {"sessions": "0"}, {"sessions": "501"}, {"sessions": "x"}, {"services": str(uuid4())}),
        *({"price": "-1"}, {"validity_days": "0"}, {"validity_days": "99999999999"}),
    ],
)
def test_a_package_that_can_not_be_is_refused(acme, browser, query, typed):
    body = {"name": "Ten", "sessions": "10", "services": str(query.service.pk)} | typed
    assert browser.post(f"{SETUP}new/", body).status_code == 422
    with use_business(acme):
        assert not SessionPackage.objects.exists()


def test_the_second_of_two_tabs_is_told(acme, browser, given):
    path = f"{SETUP}{given.package_id}/"
    with use_business(acme):
        services = str(given.services.get().pk)
    opened = {"name": "Old", "sessions": "5", "services": services, "fingerprint": "x" * 64}
    answer = browser.post(path, opened)
    assert answer.status_code == 409
    assert "Somebody else has changed this" in read_page(answer)


def test_a_package_is_given_once_however_often_the_form_is_sent(acme, browser, client, query):
    with use_business(acme):
        package = packages.create_package(query.service, validity_days=30)
    path = f"/console/acme/clients/{client.pk}/packages/"
    body = {"key": str(uuid4()), "package": str(package.pk), "note": "Agreed by phone"}
    for _time in range(2):
        assert browser.post(f"{path}new/", body).status_code == 302
    assert "5 of 5 left · valid until" in read_page(browser.get(path))
    with use_business(acme):
        assert ClientPackage.objects.get().note == "Agreed by phone"


@pytest.mark.parametrize("typed", [{"package": str(uuid4())}, {"expires_on": "2026-12-31"}, {"key": "x"}])
def test_a_package_that_can_not_be_given_is_refused(acme, browser, client, query, typed):
    with use_business(acme):
        package = packages.create_package(query.service)
    body = {"key": str(uuid4()), "package": str(package.pk)} | typed
    answer = browser.post(f"/console/acme/clients/{client.pk}/packages/new/", body)
    assert answer.status_code == 422
    with use_business(acme):
        assert not ClientPackage.objects.exists()


def test_without_packages_the_page_says_where_they_are_added(browser, client):
    page = browser.get(f"/console/acme/clients/{client.pk}/packages/new/")
    assert f'href="{SETUP}new/"' in page.content.decode()


def test_a_session_is_taken_once_by_a_form_and_returned_with_a_reason(acme, browser, page, given):
    key = str(uuid4())
    assert browser.post(f"{page}sessions/", {"reason": "", "key": key}).status_code == 422
    for _time in range(2):
        assert browser.post(f"{page}sessions/", {"reason": "Walked in", "key": key}).status_code == 302
    with use_business(acme):
        session = PackageSession.objects.get()
    back = f"{page}sessions/{session.pk}/return/"
    assert browser.post(back, {"reason": " "}).status_code == 422
    assert browser.post(back, {"reason": "Counted twice"}).status_code == 302
    assert "Counted twice Returned" in read_page(browser.get(page))
    with use_business(acme):
        assert packages.count(given) == (0, 0, 5)


def test_no_session_is_taken_where_none_is_left_or_the_package_was_withdrawn(acme, browser, page, given):
    with use_business(acme):
        for _time in range(5):
            take_session(client_package=given, reason="Walked in", staff=SABINE, now=NOW)
    answer = browser.post(f"{page}sessions/", {"reason": "Walked in", "key": str(uuid4())})
    assert answer.status_code == 409
    assert "No session of this package can be taken any more." in read_page(answer)
    browser.post(f"{page}withdrawal/")
    assert browser.post(f"{page}terms/", {"note": "More"}).status_code == 409
    assert "Withdrawn" in read_page(browser.get(page))


def test_the_end_of_a_package_is_moved(acme, browser, page, given):
    later = get_day(acme) + timedelta(days=90)
    assert browser.post(f"{page}terms/", {"expires_on": later.isoformat(), "note": "A gift"}).status_code == 302
    with use_business(acme):
        given.refresh_from_db()
    assert (given.expires_on, given.note) == (later, "A gift")
    assert browser.post(f"{page}terms/", {"expires_on": "x"}).status_code == 422


def get_day(acme):
    """Return today by Acme's calendar."""
    with use_business(acme):
        return get_business_day(NOW)


def test_an_appointment_says_which_package_it_uses_and_takes_another(acme, browser, client, query, given):
    with use_business(acme):
        booked = rows.book(query, at(10), client=client)
        other = packages.give(client, query.service, name="Gift")
    path = f"/console/acme/calendar/appointments/{booked.pk}/"
    assert "Five massages : Reserved, 4 of 5 left" in read_page(browser.get(path))
    assert "The session of “Five massages” is returned" in read_page(browser.get(f"{path}cancellation/"))
    for package, left in ((str(other.pk), (5, 4)), ("", (5, 5)), (str(given.pk), (4, 5))):
        assert browser.post(f"{path}session/", {"package": package}).status_code == 302
        with use_business(acme):
            assert (packages.count(given)[2], packages.count(other)[2]) == left


def test_nothing_of_another_clients_package_is_shown_or_changed(acme, browser, client, query, given):
    with use_business(acme):
        other = packages.give(ClientFactory(), query.service)
        foreign = take_session(client_package=other, reason="Walked in", staff=SABINE, now=NOW)
        booked = rows.book(query, at(10), client=client)
    base = f"/console/acme/clients/{client.pk}/packages/"
    assert browser.get(f"{base}{other.pk}/").status_code == 404
    for path in ("terms/", "withdrawal/", "sessions/", f"sessions/{foreign.pk}/return/"):
        assert browser.post(f"{base}{other.pk}/{path}", {"reason": "Mine"}).status_code == 404
    assert browser.post(f"{base}{given.pk}/sessions/{foreign.pk}/return/", {"reason": "Mine"}).status_code == 404
    answer = browser.post(f"/console/acme/calendar/appointments/{booked.pk}/session/", {"package": str(other.pk)})
    assert answer.status_code == 409
    for choice in ({}, {"package": "x"}):
        assert browser.post(f"/console/acme/calendar/appointments/{booked.pk}/session/", choice).status_code == 409
    with use_business(acme):
        assert (packages.count(other), packages.count(given)) == ((0, 1, 4), (1, 0, 4))
