"""Tests of the pages about days off, other hours and public holidays."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from portal.scheduling.models import HoursException, SchedulingSettings
from tenants.context import use_business
from tests.portal.scheduling.console.page_forms import save_form
from tests.portal.scheduling.scheduling_rows import at, book, build_query, create_calendar, create_service

PAGE = "/console/acme/calendar/hours/"
HOLIDAYS = f"{PAGE}public-holidays/"


@pytest.fixture
def browser(staff_client):
    """A browser of Acme's owner."""
    return staff_client("owner")


@pytest.fixture
def calendar(acme):
    """Mona's calendar."""
    with use_business(acme):
        return create_calendar()


def add(browser, **changes):
    """Send the form for a day off next week, changed."""
    day = timezone.localdate() + timedelta(days=7)
    return browser.post(PAGE, {"kind": "closed", "starts_on": day.isoformat()} | changes)


def test_a_day_off_holds_for_all_calendars_unless_one_is_chosen(acme, browser, calendar):
    add(browser, label="Training")
    add(browser, calendar=str(calendar.pk))

    with use_business(acme):
        found = [
            (row.calendar, row.starts_minute, row.starts_on == row.ends_on) for row in HoursException.objects.all()
        ]
        assert sorted(found, key=str) == sorted([(None, None, True), (calendar, None, True)], key=str)
    assert "Training" in browser.get(PAGE).content.decode()


@pytest.mark.parametrize(("kind", "is_addition"), [("other", False), ("extra", True)])
def test_other_and_extra_hours_have_times(acme, browser, kind, is_addition):
    add(browser, kind=kind, starts="10", ends="24:00")

    with use_business(acme):
        found = HoursException.objects.get()
        assert (found.starts_minute, found.ends_minute, found.is_addition) == (600, 1440, is_addition)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"starts_on": "2027-02-30"}, "Enter a valid date."),
        ({"starts_on": "2020-01-01"}, "This day has passed."),
        ({"ends_on": "9999-12-31"}, "This day is too far ahead."),
        ({"starts_on": "2030-05-02", "ends_on": "2030-05-01"}, "The last day is before the first."),
        ({"kind": "other"}, "Enter both a start and an end."),
        ({"kind": "extra", "starts": "25:00", "ends": "26:00"}, "There is no time “25:00”."),
        ({"kind": "nothing"}, "is not one of the available choices"),
        ({"calendar": "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10"}, "is not one of the available choices"),
        ({"label": "x" * 400}, "at most 80 characters"),
    ],
)
def test_an_exception_that_can_not_be_is_refused(acme, browser, typed, error):
    answer = add(browser, **typed)

    assert answer.status_code == 422
    assert error in answer.content.decode()
    with use_business(acme):
        assert not HoursException.objects.exists()


def test_appointments_on_a_day_off_stay_and_are_counted(acme, browser, calendar):
    with use_business(acme):
        book(build_query(create_service(calendar)), at(10))
        create_calendar("Bo")

    page = browser.post(PAGE, {"kind": "closed", "starts_on": "2027-01-11"}, follow=True).content.decode()

    assert "1 coming appointment stays as it is." in page


def test_an_exception_that_was_removed_meanwhile_is_not_found(acme, browser):
    add(browser)
    with use_business(acme):
        pk = HoursException.objects.get().pk

    assert browser.post(f"{PAGE}{pk}/removal/").status_code == 302
    assert browser.post(f"{PAGE}{pk}/removal/").status_code == 404


def test_an_exception_of_another_business_is_not_found(globex, browser):
    day = date(2027, 1, 11)
    with use_business(globex):
        foreign = HoursException.objects.create(starts_on=day, ends_on=day)

    assert browser.post(f"{PAGE}{foreign.pk}/removal/").status_code == 404


def test_public_holidays_of_three_years_are_added_once(acme, browser):
    typed = {"country": "DE", "subdivision": "BY"}

    page = browser.get(HOLIDAYS, typed).content.decode()
    for _time in range(2):
        assert browser.post(HOLIDAYS, typed).status_code == 302

    assert "Epiphany" in page
    with use_business(acme):
        days = {row.starts_on for row in HoursException.objects.all()}
        year = timezone.localdate().year
        assert {date(year + 1, 1, 6), date(year + 2, 12, 25)} <= days
        assert max(days).year == year + 2
        assert len(days) == HoursException.objects.count()
        rules = SchedulingSettings.objects.get()
        assert (rules.holiday_country, rules.holiday_subdivision) == ("DE", "BY")


def test_the_holidays_of_the_business_s_country_are_shown_first(browser):
    assert "German Unity Day" in browser.get(HOLIDAYS).content.decode()


def test_a_part_of_another_country_counts_as_the_whole_country(browser):
    answer = browser.get(HOLIDAYS, {"country": "FR", "subdivision": "BY"})

    assert answer.status_code == 200
    assert "Armistice Day" in answer.content.decode()


@pytest.mark.parametrize("typed", [{"country": "ZZ"}, {"country": ""}, {"country": "DE", "subdivision": "nothing"}])
def test_a_place_that_is_not_known_adds_nothing(acme, browser, typed):
    assert browser.post(HOLIDAYS, typed).status_code == 422
    with use_business(acme):
        assert not HoursException.objects.exists()


def test_the_form_of_the_page_can_be_sent_as_it_is(acme, browser):
    assert save_form(browser, HOLIDAYS).status_code == 302
    with use_business(acme):
        assert HoursException.objects.filter(holiday_country="DE").exists()
