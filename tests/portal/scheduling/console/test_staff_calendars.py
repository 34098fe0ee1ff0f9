"""Tests of the pages about staff calendars and weekly hours."""

import pytest

from portal.scheduling.models import OpeningHours, StaffCalendar
from tenants.context import use_business
from tenants.models import Membership
from tests.factories import create_member
from tests.portal.scheduling.console.page_forms import read_form, save_form
from tests.portal.scheduling.scheduling_rows import at, book, build_query, create_calendar, create_service

PAGE = "/console/acme/calendar/staff/"
WEEK = [(day, 540, 1020) for day in range(7)]


@pytest.fixture
def browser(staff_client):
    """A browser of Acme's owner."""
    return staff_client("owner")


@pytest.fixture
def calendar(acme):
    """Mona's calendar, open from nine to five every day."""
    with use_business(acme):
        return create_calendar()


def list_hours(acme):
    with use_business(acme):
        return list(OpeningHours.objects.values_list("weekday", "starts_minute", "ends_minute"))


def test_a_new_calendar_has_a_working_week_and_gives_every_service(acme, browser):
    with use_business(acme):
        service = create_service()
    member = create_member(acme, "staff").person

    answer = save_form(browser, f"{PAGE}new/", person_id=str(member.pk), daily_limit="6")

    with use_business(acme):
        calendar = StaffCalendar.objects.get()
        assert answer.url == f"{PAGE}{calendar.pk}/hours/"
        assert (calendar.name, calendar.person_id, calendar.daily_limit) == (member.name, member.pk, 6)
        assert (calendar.time_zone, calendar.opening_hours.count()) == ("Europe/Berlin", 5)
        assert [*service.calendars.all()] == [calendar]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"name": "", "person_id": ""}, "Enter a name, or choose a member of your team."),
        ({"name": "x" * 400}, "at most 80 characters"),
        ({"time_zone": "Mars/Olympus"}, "is not one of the available choices"),
        ({"person_id": "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10"}, "is not one of the available choices"),
        ({"daily_limit": "0"}, "greater than or equal to 1"),
        ({"services": ["6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10"]}, "is not one of the available choices"),
    ],
)
def test_what_a_calendar_can_not_be_is_said_beside_the_field(acme, browser, calendar, typed, error):
    with use_business(acme):
        create_service(calendar)

    answer = save_form(browser, f"{PAGE}{calendar.pk}/", **typed)

    assert answer.status_code == 422
    assert error in answer.content.decode()


def test_a_member_of_another_business_can_not_be_linked(acme, globex, browser, calendar):
    foreign = create_member(globex, "staff").person

    assert save_form(browser, f"{PAGE}{calendar.pk}/", person_id=str(foreign.pk)).status_code == 422


def test_a_member_has_one_calendar(acme, browser, calendar):
    member = create_member(acme, "staff").person
    with use_business(acme):
        create_calendar("Bo", person_id=member.pk)

    answer = save_form(browser, f"{PAGE}{calendar.pk}/", person_id=str(member.pk))

    assert answer.status_code == 422
    assert "This member of your team has a calendar already." in answer.content.decode()


def test_a_calendar_stays_linked_with_somebody_who_has_left(acme, browser, calendar):
    member = create_member(acme, "staff")
    with use_business(acme):
        StaffCalendar.objects.update(person_id=member.person_id)
    Membership.objects.filter(pk=member.pk).delete()

    assert save_form(browser, f"{PAGE}{calendar.pk}/", name="Mona R.").status_code == 302
    with use_business(acme):
        assert StaffCalendar.objects.get().person_id == member.person_id


def test_a_calendar_that_takes_no_more_bookings_keeps_its_appointments(acme, browser, calendar):
    with use_business(acme):
        book(build_query(create_service(calendar)), at(10))
    path = f"{PAGE}{calendar.pk}/"
    assert "1 coming appointment stays in the calendar" in browser.get(path).content.decode()

    save_form(browser, path, is_active=None)

    assert "1 coming appointment stays as it is." in browser.get(PAGE).content.decode()
    with use_business(acme):
        assert not StaffCalendar.objects.get().is_active
        assert calendar.entries.filter(is_active=True).count() == 1


def test_a_service_that_is_no_longer_ticked_is_not_given(acme, browser, calendar):
    with use_business(acme):
        massage, yoga = (create_service(calendar, name=name) for name in ("Massage", "Yoga"))

    save_form(browser, f"{PAGE}{calendar.pk}/", services=[str(yoga.pk)])

    with use_business(acme):
        assert (massage.calendars.count(), yoga.calendars.count()) == (0, 1)


def test_hours_over_midnight_and_until_24_are_saved_and_shown_again(acme, browser, calendar):
    path = f"{PAGE}{calendar.pk}/hours/"
    changes = {"day4-0-from": "22:30", "day4-0-until": "2:00", "day6-1-from": "18", "day6-1-until": "24:00"}

    save_form(browser, path, **changes)

    assert list_hours(acme) == [*WEEK[:4], (4, 1350, 1560), WEEK[5], WEEK[6], (6, 1080, 1440)]
    shown = read_form(browser.get(path))
    assert [shown[name] for name in changes] == [["22:30"], ["02:00"], ["18:00"], ["24:00"]]
    assert "22:30–02:00 (next day)" in browser.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "wrong", [("25:00", "26:00"), ("17:00", "09:00"), ("11:00", "12:00"), ("9", ""), ("x" * 400, "")]
)
def test_hours_that_can_not_be_change_nothing(acme, browser, calendar, wrong):
    path = f"{PAGE}{calendar.pk}/hours/"

    answer = save_form(browser, path, **{"day0-1-from": wrong[0], "day0-1-until": wrong[1]})

    assert answer.status_code == 422
    assert list_hours(acme) == WEEK


def test_monday_is_copied_before_it_is_saved(acme, browser, calendar):
    path = f"{PAGE}{calendar.pk}/hours/"

    copied = save_form(browser, path, **{"day0-0-from": "08:00", "copy": "monday"})

    assert copied.status_code == 200
    assert list_hours(acme) == WEEK
    browser.post(path, read_form(copied))
    assert [starts for _day, starts, _ends in list_hours(acme)] == [480] * 5 + [540] * 2


def test_the_second_of_two_tabs_is_told_that_the_hours_have_changed(acme, browser, calendar):
    path = f"{PAGE}{calendar.pk}/hours/"
    other_tab = read_form(browser.get(path)) | {"day0-0-from": "10:00"}
    save_form(browser, path, **{"day0-0-from": "08:00"})

    answer = browser.post(path, other_tab)

    assert answer.status_code == 409
    assert list_hours(acme)[0] == (0, 480, 1020)
    assert browser.post(path, read_form(answer)).status_code == 302
    assert list_hours(acme)[0] == (0, 600, 1020)


def test_a_calendar_of_another_business_is_not_found(globex, browser):
    with use_business(globex):
        foreign = create_calendar()

    for path in (f"{PAGE}{foreign.pk}/", f"{PAGE}{foreign.pk}/hours/"):
        assert (browser.get(path).status_code, browser.post(path, {"name": "Mine"}).status_code) == (404, 404)
