"""The month that clients choose from shows the days and times that can be booked, by their own clocks."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.scheduling.booking_pages import build_month_page, parse_day, parse_month, parse_start
from portal.scheduling.models import SchedulingSettings
from tests.portal.scheduling.scheduling_rows import BERLIN, NOW, at, book, build_query, create_calendar, create_service

pytestmark = pytest.mark.django_db

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
HERE = ZoneInfo(BERLIN)


@pytest.fixture
def calendar(in_acme):
    return create_calendar()


@pytest.fixture
def query(in_acme, calendar):
    in_acme.time_zone = BERLIN
    return build_query(create_service(calendar))


def list_free_days(page):
    return [day.on for week in page.weeks for day in week if day.is_free]


def test_the_first_free_day_is_chosen_with_its_times(query):
    page = build_month_page(query, zone=HERE, now=NOW)

    assert page.first_on == date(2027, 1, 1)
    assert page.chosen_on == date(2027, 1, 4)
    assert [page.times[0].label, page.times[-1].label] == ["11:00", "16:00"]
    assert list_free_days(page) == [date(2027, 1, day) for day in range(4, 32)]


def test_a_full_day_is_not_marked_and_names_the_next_free_one(query):
    for hour in range(9, 17):
        book(query, at(hour))

    page = build_month_page(query, day="2027-01-11", zone=HERE, now=NOW)

    assert page.chosen_on == date(2027, 1, 11)
    assert page.times == []
    assert page.next_free_on == date(2027, 1, 12)
    assert date(2027, 1, 11) not in list_free_days(page)


def test_a_page_that_asks_for_nothing_opens_at_the_first_month_with_a_free_day(in_acme):
    calendar = create_calendar()
    calendar.exceptions.create(starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 3))

    page = build_month_page(build_query(create_service(calendar)), zone=HERE, now=NOW)

    assert page.first_on == date(2027, 2, 1)
    assert page.chosen_on == date(2027, 2, 4)


def test_a_month_without_a_free_day_names_the_next_one(in_acme):
    calendar = create_calendar()
    calendar.exceptions.create(starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 3))

    page = build_month_page(build_query(create_service(calendar)), month="2027-01", zone=HERE, now=NOW)

    assert page.chosen_on is None
    assert page.next_free_on == date(2027, 2, 4)


def test_months_outside_the_booking_window_can_not_be_shown(query):
    first = build_month_page(query, month="2020-05", zone=HERE, now=NOW)
    last = build_month_page(query, month="2033-05", zone=HERE, now=NOW)

    assert (first.first_on, first.previous_on, first.next_on) == (date(2027, 1, 1), None, date(2027, 2, 1))
    assert (last.first_on, last.previous_on, last.next_on) == (date(2027, 4, 1), date(2027, 3, 1), None)


def test_times_are_those_of_the_readers_day_with_the_businesss_beside_them(query):
    page = build_month_page(query, day="2027-01-11", zone=LOS_ANGELES, now=NOW)

    assert [(time.label, time.business_label) for time in page.times[:2]] == [("00:00", "09:00"), ("00:15", "09:15")]
    assert page.time_zone == "America/Los_Angeles"
    assert all(time.starts_at.astimezone(LOS_ANGELES).date() == date(2027, 1, 11) for time in page.times)


def test_the_businesss_day_is_named_where_it_is_another(in_acme):
    in_acme.time_zone = "Asia/Tokyo"
    calendar = create_calendar(time_zone="Asia/Tokyo")

    page = build_month_page(build_query(create_service(calendar)), day="2027-01-11", zone=LOS_ANGELES, now=NOW)

    assert (page.times[0].label, page.times[0].business_label) == ("16:00", "Tue 09:00")


def test_a_time_that_comes_twice_is_offered_once_and_says_which_it_is(in_acme):
    in_acme.time_zone = BERLIN
    calendar = create_calendar(hours=(0, 5 * 60))
    rules = SchedulingSettings(horizon=400, start_interval=60)
    query = build_query(create_service(calendar, duration=60), rules=rules)

    page = build_month_page(query, day="2027-10-31", zone=HERE, now=NOW)

    assert [time.label for time in page.times] == ["00:00", "01:00", "02:00 CEST", "03:00", "04:00"]


def test_a_start_comes_back_from_a_form_as_it_was_sent(query):
    page = build_month_page(query, day="2027-01-11", zone=LOS_ANGELES, now=NOW)

    assert [parse_start(time.value) for time in page.times] == [time.starts_at for time in page.times]
    assert parse_start("2027-01-11T08:00:00Z") == datetime(2027, 1, 11, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "2027-13", "0000-01", "2027-1", "२०२७-०१", "2027-01-11", "\x00", "9" * 5000])
def test_what_is_no_month_counts_as_none(text):
    assert parse_month(text) is None


@pytest.mark.parametrize("text", ["", "2027-02-30", "2027-W01-1", "20270111", "0000-00-00", "\x00", "9" * 5000])
def test_what_is_no_day_or_start_counts_as_none(text):
    assert parse_day(text) is None
    assert parse_start(text) is None
