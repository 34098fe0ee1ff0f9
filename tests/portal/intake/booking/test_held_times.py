"""Tests of the page that books a held time: what happens when the hold ends, and when a service is withdrawn."""

import pytest
from django.utils import timezone

from portal.scheduling import services
from portal.scheduling.booking_pages import format_start
from portal.scheduling.models import Appointment, Service
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.intake.booking.booking_steps import (
    NORA,
    add_service,
    hold_and_fill_in,
    hold_time,
    list_appointments,
)


def end_holds(business, advance_clock):
    """Let eleven minutes pass and free what was held, as the worker does."""
    advance_clock(660)
    with use_business(business):
        assert services.release_expired_holds(now=timezone.now()) == 1


def test_an_ended_hold_is_booked_all_the_same_if_its_time_is_free(acme, browser, advance_clock):
    path = hold_time(browser, add_service(acme), at=8).headers["Location"]
    end_holds(acme, advance_clock)

    assert browser.get(path).status_code == 409
    assert browser.post(path, NORA).headers["Location"] == path
    assert "Confirmed" in browser.get(path).content.decode()


def test_an_ended_hold_that_somebody_else_took_offers_other_times(acme, browser, portal_client, advance_clock):
    service = add_service(acme)
    path = hold_time(browser, service, at=8).headers["Location"]
    advance_clock(660)
    hold_time(portal_client(acme), service, starts_at=format_start(list_appointments(acme)[0].starts_at))

    answer = browser.post(path, NORA)

    assert answer.status_code == 409
    assert "The nearest free times" in answer.content.decode()


def test_a_hold_whose_ten_minutes_are_over_says_so(acme, browser, advance_clock):
    path = hold_time(browser, add_service(acme)).headers["Location"]
    advance_clock(660)

    assert "We no longer hold this time" in browser.get(path).content.decode()


def test_a_service_withdrawn_meanwhile_is_not_booked(acme, browser, advance_clock):
    path = hold_time(browser, add_service(acme)).headers["Location"]
    with use_business(acme):
        Service.objects.update(visibility="staff")
    advance_clock(10)

    answer = browser.post(path, NORA)

    assert answer.status_code == 409
    assert "can’t be booked" in answer.content.decode()


@pytest.mark.parametrize("typed", [{"name": " "}, {"email": "nora"}, {"email": ""}, {"mobile": "12"}])
def test_details_that_nobody_can_be_reached_by_are_refused(acme, browser, advance_clock, typed):
    _path, answer = hold_and_fill_in(browser, add_service(acme), advance_clock, **typed)

    assert answer.status_code == 422
    assert [appointment.state for appointment in list_appointments(acme)] == ["held"]


def test_a_form_sent_within_three_seconds_is_refused_and_can_be_sent_again(acme, browser, advance_clock):
    path = hold_time(browser, add_service(acme)).headers["Location"]
    advance_clock(1)
    answer = browser.post(path, NORA)
    advance_clock(3)

    assert answer.status_code == 422
    assert "too quickly" in answer.content.decode()
    assert browser.post(path, NORA).status_code == 302


def test_a_filled_honeypot_is_refused_with_an_explanation(acme, browser, advance_clock):
    _path, answer = hold_and_fill_in(browser, add_service(acme), advance_clock, leave_empty="x")

    assert answer.status_code == 422
    assert "must stay empty" in answer.content.decode()


@pytest.mark.parametrize("token", ["x", "x:y", "x" * 2000, "%00", "W10:abc"])
@pytest.mark.parametrize("page", ["", "release/", "calendar/"])
def test_an_address_that_we_have_not_signed_is_not_found(acme, browser, token, page):
    path = f"/book/holds/{token}/{page}"

    assert {browser.get(path).status_code, browser.post(path, NORA).status_code} <= {404, 405}


def test_the_address_of_a_hold_is_none_at_another_business(acme, globex, browser, portal_client):
    path = hold_time(browser, add_service(acme)).headers["Location"]

    assert portal_client(globex).get(path).status_code == 404


def test_the_hold_of_a_signed_in_client_is_nobody_else_s(acme, browser, sign_in_client):
    with use_business(acme):
        ClientFactory(name="Ana", email="ana@example.com")
    ana = sign_in_client(acme, "ana@example.com")
    path = hold_time(ana, add_service(acme)).headers["Location"]

    assert ana.get(path).status_code == 200
    for page in ("", "calendar/"):
        assert browser.get(path + page).status_code == 404
    assert browser.post(path, NORA).status_code == 404
    assert browser.post(f"{path}release/").status_code == 404
    assert len(list_appointments(acme)) == 1


def test_the_second_time_of_one_client_is_the_same_booking(acme, sign_in_client):
    with use_business(acme):
        ClientFactory(name="Ana", email="ana@example.com")
    ana, service = sign_in_client(acme, "ana@example.com"), add_service(acme)
    path = hold_time(ana, service).headers["Location"]
    ana.post(path)
    starts_at = format_start(list_appointments(acme)[0].starts_at)

    again = hold_time(ana, service, starts_at=starts_at)

    assert "Confirmed" in ana.get(again.headers["Location"]).content.decode()
    assert len(list_appointments(acme)) == 1


def test_what_a_client_holds_on_another_page_is_booked_there(acme, sign_in_client, advance_clock):
    with use_business(acme):
        ClientFactory(name="Ana", email="ana@example.com")
    ana, service = sign_in_client(acme, "ana@example.com"), add_service(acme)
    first = hold_time(ana, service, at=8).headers["Location"]
    starts_at = format_start(list_appointments(acme)[0].starts_at)
    end_holds(acme, advance_clock)
    hold_time(ana, service, starts_at=starts_at)

    answer = ana.post(first)

    assert answer.status_code == 302
    assert "Confirmed" in ana.get(answer.headers["Location"]).content.decode()
    assert [appointment.state for appointment in list_appointments(acme)] == ["confirmed"]


def test_what_staff_booked_for_the_client_meanwhile_is_shown(acme, sign_in_client, advance_clock):
    with use_business(acme):
        ClientFactory(name="Ana", email="ana@example.com")
    ana, service = sign_in_client(acme, "ana@example.com"), add_service(acme)
    first = hold_time(ana, service, at=8).headers["Location"]
    starts_at = format_start(list_appointments(acme)[0].starts_at)
    end_holds(acme, advance_clock)
    ana.post(hold_time(ana, service, starts_at=starts_at).headers["Location"])
    with use_business(acme):
        Appointment.objects.update(hold_key=None)

    answer = ana.post(first)

    assert answer.headers["Location"] == f"/appointments/{list_appointments(acme)[0].pk}/"


def test_a_client_who_chooses_a_time_that_staff_booked_for_them_is_told_so(acme, sign_in_client):
    with use_business(acme):
        ClientFactory(name="Ana", email="ana@example.com")
    ana, service = sign_in_client(acme, "ana@example.com"), add_service(acme)
    ana.post(hold_time(ana, service).headers["Location"])
    starts_at = format_start(list_appointments(acme)[0].starts_at)
    with use_business(acme):
        Appointment.objects.update(hold_key=None)

    answer = hold_time(ana, service, starts_at=starts_at)

    assert answer.status_code == 409
    assert "You have an appointment at this time already." in answer.content.decode()


def test_a_hold_that_its_client_books_after_signing_in_is_nobody_else_s(acme, browser, sign_in_client, advance_clock):
    path = hold_time(browser, add_service(acme)).headers["Location"]
    with use_business(acme):
        ClientFactory(name="Ana", email="ana@example.com")
    advance_clock(10)

    assert sign_in_client(acme, "ana@example.com").post(path).status_code == 302
    assert browser.get(path).status_code == 404
    assert [appointment.source for appointment in list_appointments(acme)] == ["portal"]
