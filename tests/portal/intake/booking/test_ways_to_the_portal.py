"""Whoever has booked finds their appointments in the portal, and clients find the booking page there."""

import pytest
from django.core.cache import cache

from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA
from tests.portal.intake.booking.booking_steps import add_service, hold_and_fill_in

NAV_LINK = '<a href="/book/"'


@pytest.fixture
def ana(acme, sign_in_client):
    """The browser of Ana, a client who has signed in."""
    with use_business(acme):
        ClientFactory(name="Ana Pereira", email=ANA)
    return sign_in_client(acme, ANA)


def test_a_stranger_s_confirmation_leads_to_the_appointments_by_way_of_signing_in(acme, browser, advance_clock):
    path, _answer = hold_and_fill_in(browser, add_service(acme), advance_clock)

    page = browser.get(path).content.decode()
    assert '<a href="/appointments/">Sign in to your appointments</a>' in page
    assert browser.get("/appointments/").headers["Location"] == "/sign-in/"


def test_a_signed_in_client_s_confirmation_leads_straight_there(acme, ana, advance_clock):
    path, _answer = hold_and_fill_in(ana, add_service(acme), advance_clock)

    assert '<a href="/appointments/">See, move or cancel your appointments</a>' in ana.get(path).content.decode()


def test_an_embedded_confirmation_leads_nowhere_in_its_frame(acme, browser, advance_clock):
    path, _answer = hold_and_fill_in(browser, add_service(acme), advance_clock, prefix="/embed/booking/")

    assert "Sign in to your appointments" not in browser.get(path).content.decode()


def test_the_portal_s_navigation_offers_booking_while_there_is_something_to_book(acme, ana):
    assert NAV_LINK not in ana.get("/").content.decode()
    cache.clear()
    massage = add_service(acme)

    assert NAV_LINK in ana.get("/").content.decode()
    current = ana.get(f"/book/{massage.pk}/").content.decode()
    assert f'{NAV_LINK} aria-current="page"' in " ".join(current.split())
