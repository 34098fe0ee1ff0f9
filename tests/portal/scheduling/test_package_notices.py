"""Clients are told which session a booking uses, what is left, and until when they get it back."""

from datetime import timedelta

import pytest

from portal.scheduling import services
from portal.scheduling.models import Appointment
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.intake.booking.booking_steps import hold_time
from tests.portal.scheduling import package_rows as packages
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.appointment_steps import read_page
from tests.portal.scheduling.scheduling_rows import MONDAY, NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def query(acme, ana, mona):
    """The times of a massage with Mona."""
    with use_business(acme):
        return rows.build_query(rows.create_service(mona))


@pytest.fixture
def give(acme, ana, query):
    """Return a function that gives Ana a package of that massage."""

    def give(**fields):
        with use_business(acme):
            return packages.give(ana, query.service, **fields)

    return give


@pytest.fixture
def booked(acme, ana, query, give):
    """An appointment of Ana's that has reserved one of her five sessions."""
    give(expires_on=MONDAY.date())
    with use_business(acme):
        return rows.book(query, at(10), client=ana)


@pytest.mark.parametrize(
    ("sessions", "text"),
    [
        (5, "This booking uses one of your sessions of “Five massages”: 5 of 5 are left."),
        (1, "This booking uses your last session of 1 of “Five massages”."),
    ],
)
def test_the_booking_page_says_which_session_is_used(browser, query, give, sessions, text):
    give(sessions=sessions)
    page = browser.get(hold_time(browser, query.service).headers["Location"])
    assert text in read_page(page)


def test_the_booking_page_says_nothing_without_a_package(browser, query):
    page = browser.get(hold_time(browser, query.service).headers["Location"])
    assert "This booking uses" not in read_page(page)


def test_the_list_of_appointments_shows_what_is_left(browser, booked):
    page = read_page(browser.get("/appointments/"))
    assert "Your packages Five massages 4 of 5 sessions left · 1 booked · valid until" in page


def test_an_appointment_says_that_it_has_reserved_or_used_a_session(acme, browser, booked):
    path = f"/appointments/{booked.pk}/"
    assert "One session of “Five massages” is reserved." in read_page(browser.get(path))
    with use_business(acme):
        services.use_past_sessions(now=at(11))
    assert "One session of “Five massages” was used." in read_page(browser.get(path))


def test_the_page_that_cancels_says_until_when_the_session_comes_back(acme, browser, booked):
    path = f"/appointments/{booked.pk}/cancellation/"
    told = (
        "You get the session of “Five massages” back if you cancel by Sunday, 10 January 2027, 10:00 (Europe/Berlin)."
    )
    assert told in read_page(browser.get(path))
    with use_business(acme):
        soon = NOW + timedelta(hours=3)
        Appointment.objects.filter(pk=booked.pk).update(starts_at=soon, ends_at=soon + timedelta(hours=1))
    assert "counts as used, unless Acme" in read_page(browser.get(path))


def test_the_page_that_moves_past_the_end_says_so(browser, booked):
    later = at(9, days=1)
    page = browser.get(f"/appointments/{booked.pk}/time/?at={later:%Y-%m-%dT%H:%M:%SZ}")
    assert "At the new time the appointment uses another package of yours, or none." in read_page(page)


def test_nobody_is_shown_packages_of_others(acme, browser, query, booked):
    with use_business(acme):
        packages.give(ClientFactory(), query.service, name="Somebody else’s")
    assert "Somebody else’s" not in read_page(browser.get("/appointments/"))
