"""Tests of the page of a month: zones, staff, groups, what is not there, and what the page weighs."""

import gzip
import uuid
from datetime import timedelta

import pytest

from portal.scheduling.models import HoursException, SchedulingSettings
from tenants.context import use_business
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory
from tests.portal.intake.booking.booking_steps import add_service, hold_time, list_appointments, read_times
from tests.portal.scheduling.scheduling_rows import at, book, build_query, create_calendar, create_service


def open_page(browser, service, **parameters):
    """Open the times of a service and return the page."""
    return browser.get(f"/book/{service.pk}/", parameters).content.decode()


def test_times_are_those_of_the_visitor_with_those_of_the_business_below(acme, browser):
    page = open_page(browser, add_service(acme), zone="America/New_York")

    assert "Times in America/New York; below them, those of the business in Europe/Berlin." in page
    assert "<span>05:00</span><small>11:00</small>" in page


def test_a_client_east_of_the_business_finds_late_times_on_their_next_day(acme, browser):
    with use_business(acme):
        service = create_service(create_calendar(hours=(22 * 60, 24 * 60)))

    page = open_page(browser, service, zone="Asia/Kathmandu", day="2027-01-05")

    assert "Tuesday, 5 January 2027" in page
    assert "<span>02:45</span><small>Mon 22:00</small>" in page


def test_an_hour_that_comes_twice_names_its_offset(acme, browser):
    with use_business(acme):
        service = create_service(create_calendar(hours=(60, 240)))
        SchedulingSettings.objects.create(horizon=365)

    page = open_page(browser, service, day="2027-10-31")

    assert "<span>02:00 CEST</span>" in page


def test_a_client_s_own_zone_is_used(acme, sign_in_client):
    with use_business(acme):
        ClientFactory(name="Ana", email="ana@example.com", time_zone="Asia/Tokyo")
    service = add_service(acme)

    page = open_page(sign_in_client(acme, "ana@example.com"), service)

    assert "Times in Asia/Tokyo" in page


def test_the_chosen_zone_is_kept_until_the_appointment_is_booked(acme, browser):
    service = add_service(acme)
    path = hold_time(browser, service, zone="Asia/Tokyo").headers["Location"]

    page = browser.get(path).content.decode()

    assert "<strong>19:00</strong> (Asia/Tokyo)" in page
    assert "11:00 (Europe/Berlin)" in page
    assert list_appointments(acme)[0].time_zone == "Asia/Tokyo"


def test_a_group_shows_how_many_seats_are_left(acme, browser):
    service = add_service(acme, capacity=3)
    hold_time(browser, service)

    assert "2 seats left" in open_page(browser, service)


def test_the_next_free_day_is_one_tap_away_where_a_month_has_none(acme, browser):
    service = add_service(acme)
    with use_business(acme):
        HoursException.objects.create(starts_on="2027-01-01", ends_on="2027-02-09")

    page = open_page(browser, service, month="2027-01")

    assert "No free times" in page
    assert 'href="?day=2027-02-10#day"' in page
    assert "10 February 2027" in open_page(browser, service)


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"day": "yesterday"}, 422),
        ({"day": "9999-99-99"}, 422),
        ({"month": "2027-13"}, 422),
        ({"zone": "../../etc/passwd"}, 422),
        ({"zone": "Mars/Base\x00"}, 422),
        ({"staff": "x"}, 404),
        ({"staff": str(uuid.uuid4())}, 404),
        ({"day": "9999-12-31"}, 200),
        ({"day": "0001-01-01"}, 200),
        ({"month": "9999-12"}, 200),
        ({"unknown": "x" * 500}, 200),
    ],
)
def test_an_odd_link_still_shows_free_times(acme, browser, parameters, status):
    answer = browser.get(f"/book/{add_service(acme).pk}/", parameters)

    assert answer.status_code == status
    assert "January 2027" in answer.content.decode() or "April 2027" in answer.content.decode()


def test_a_service_that_cannot_be_booked_is_not_found_and_others_are_offered(acme, globex, browser):
    massage = add_service(acme)
    hidden = [
        add_service(acme, "Ravi", visibility="staff"),
        add_service(acme, "Tom", visibility="clients"),
        add_service(acme, "Uma", archived_at=at(9)),
        add_service(globex),
    ]

    for service in hidden:
        answer = browser.get(f"/book/{service.pk}/")
        assert answer.status_code == 404
        assert f"/book/{massage.pk}/" in answer.content.decode()
        assert browser.post(f"/book/{service.pk}/holds/").status_code == 404


def test_nothing_to_book_is_a_page_of_its_own(acme, browser):
    answer = browser.get("/book/")

    assert answer.status_code == 404
    assert "Nothing can be booked" in answer.content.decode()
    assert 'href="/book/"' not in browser.get("/sign-in/").content.decode()


def test_the_sign_in_page_leads_to_the_booking_page(acme, browser):
    add_service(acme)

    assert 'href="/book/"' in browser.get("/sign-in/").content.decode()


@pytest.mark.parametrize("starts_at", ["2026-01-04T10:00:00Z", "2027-01-04T03:00:00Z", "2199-12-31T23:59:59Z"])
def test_a_time_that_is_not_offered_gets_the_nearest_free_ones(acme, browser, starts_at):
    answer = hold_time(browser, add_service(acme), starts_at=starts_at)

    assert answer.status_code == 409
    assert answer.content.decode().count('name="starts_at"') == 6
    assert list_appointments(acme) == []


@pytest.mark.parametrize(
    "starts_at",
    ["", "now", "2027-02-30T10:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "\x00", "x" * 5000],
)
def test_a_time_that_is_none_is_refused(acme, browser, starts_at):
    assert hold_time(browser, add_service(acme), starts_at=starts_at).status_code == 422


@pytest.mark.parametrize("form_token", ["", "x", "\x00", "x" * 5000])
def test_a_page_without_a_valid_token_holds_nothing(acme, browser, form_token):
    assert hold_time(browser, add_service(acme), form_token=form_token).status_code == 422
    assert list_appointments(acme) == []


def test_a_time_somebody_else_holds_is_gone(acme, browser, portal_client):
    service = add_service(acme)
    form_token, times = read_times(browser, f"/book/{service.pk}/")
    hold_time(portal_client(acme), service)

    answer = browser.post(f"/book/{service.pk}/holds/", {"form_token": form_token, "starts_at": times[0]})

    assert answer.status_code == 409
    assert "is not free any more" in answer.content.decode()
    assert 'value="2027-01-04T11:00:00Z"' in answer.content.decode()


@pytest.mark.parametrize("appointments", [0, 40])
def test_the_page_asks_the_database_ten_times_at_most_and_is_light(acme, browser, appointments):
    service = add_service(acme, *(f"Person {number}" for number in range(8)), start_interval=5)
    with use_business(acme):
        query = build_query(service)
        for number in range(appointments):
            book(query, at(9) + timedelta(minutes=number // 8 * 60), email=f"n{number}@example.com")
    open_page(browser, service)

    with capture_statements() as captured:
        page = open_page(browser, service, day="2027-01-11", zone="Asia/Tokyo")

    assert len(captured.sent) <= 10
    assert len(page.encode()) <= 60_000
    assert len(gzip.compress(page.encode())) <= 12_000
