"""Tests of the overview of the set-up, and of the three questions to a new business."""

import pytest

from portal.scheduling.models import SchedulingSettings, Service, StaffCalendar, Visibility
from portal.scheduling.services import query_services_with_needs
from portal.scheduling.services.next_slots import find_next_slots
from tenants.context import use_business
from tests.portal.scheduling.console.page_forms import read_form, save_form
from tests.portal.scheduling.scheduling_rows import NOW, at, create_calendar, create_service

PAGE = "/console/acme/calendar/setup/"


@pytest.fixture
def browser(staff_client):
    """A browser of Acme's owner."""
    return staff_client("owner")


def test_a_new_business_takes_bookings_after_three_answers(acme, browser):
    answer = save_form(browser, PAGE, service="First appointment", price="45,50")

    assert answer.status_code == 302
    with use_business(acme):
        service, calendar = Service.objects.get(), StaffCalendar.objects.get()
        found = find_next_slots(acme, SchedulingSettings(), query_services_with_needs(), now=NOW)
        assert (service.name, service.duration, service.price_amount) == ("First appointment", 60, 4550)
        assert (calendar.time_zone, calendar.person_id is not None) == (acme.time_zone, True)
        assert calendar.opening_hours.count() == 5
        assert found[service.pk].isoformat() == "2027-01-04T10:00:00+00:00"
    assert "/book/" in browser.get(PAGE).content.decode()


def test_the_first_service_can_be_given_by_somebody_who_does_not_sign_in(acme, browser):
    save_form(browser, PAGE, service="Massage", person="other", name="Mona")

    with use_business(acme):
        calendar = StaffCalendar.objects.get()
        assert (calendar.name, calendar.person_id) == ("Mona", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": ""},
        {"service": "x" * 400},
        {"service": "Massage", "price": "-5"},
        {"service": "Massage", "duration": "soon"},
        {"service": "Massage", "person": "other"},
        {"service": "Massage", "person": "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10"},
        {"service": "Massage", "day0-0-from": "25:00"},
    ],
)
def test_a_wrong_answer_creates_nothing(acme, browser, wrong):
    answer = save_form(browser, PAGE, **wrong)

    assert answer.status_code == 422
    with use_business(acme):
        assert (Service.objects.count(), StaffCalendar.objects.count()) == (0, 0)


def test_answers_that_are_sent_twice_count_once(acme, browser):
    typed = read_form(browser.get(PAGE)) | {"service": "Massage"}

    answers = [browser.post(PAGE, typed) for _click in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    with use_business(acme):
        assert (Service.objects.count(), StaffCalendar.objects.count()) == (1, 1)


def test_the_overview_names_what_is_missing(acme, browser):
    with use_business(acme):
        create_service(name="Yoga")
        StaffCalendar.objects.create(name="Bo", time_zone="Europe/Berlin", created_at=NOW)
        SchedulingSettings.objects.create(is_on=False)

    page = browser.get(PAGE).content.decode()

    for text in ("Nobody gives “Yoga”.", "“Bo” has no weekly hours.", "Online booking is switched off."):
        assert text in page


def test_the_overview_shows_what_clients_can_book_and_when(acme, browser):
    with use_business(acme):
        calendar = create_calendar()
        create_service(calendar, name="Massage", price_amount=4500)
        create_service(calendar, name="Internal", visibility=Visibility.STAFF)

    page = browser.get(PAGE).content.decode()

    assert "Massage" in page
    assert "€45.00" in page
    assert "Next free:" in page
    assert "Internal" not in page
    assert "Nothing. Clients can book every service." in page


def test_the_next_times_of_many_services_take_five_statements(in_acme, django_assert_max_num_queries):
    calendar = create_calendar()
    for number in range(5):
        create_service(calendar, name=f"Service {number}")
    found = list(query_services_with_needs())

    with django_assert_max_num_queries(5):
        starts = find_next_slots(in_acme, SchedulingSettings(notice=0), found, now=at(8))

    assert set(starts.values()) == {at(9)}
