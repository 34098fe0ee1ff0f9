"""The console's calendar shows what is booked, by the clocks of the business."""

import re

import pytest

from portal.scheduling import services
from tenants.context import use_business
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, at

PAGE = "/console/acme/calendar/"
MONDAY = "2027-01-11"


def get_page(browser, **query) -> str:
    """Return the calendar with its spaces joined."""
    answer = browser.get(PAGE, {"day": MONDAY, **query})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_it_shows_who_comes_when_in_the_business_s_time_zone(practice, staff_client, view):
    appointment = practice.book(10)
    page = get_page(staff_client("read-only"), view=view)

    assert "Ana Pereira" in page
    assert "10:00" in page
    assert "Europe/Berlin" in page
    assert f"/console/acme/calendar/appointments/{appointment.pk}/" in page


def test_an_hour_takes_four_rows_from_its_start(practice, staff_client):
    practice.book(10)
    # Mona begins at nine, so ten o'clock is the fifth quarter of an hour.
    assert re.search(r"calendar-block tag-blue is-confirmed row-start-5 row-span-4 track-1-1", get_page(staff_client()))


def test_a_request_a_group_and_a_blocked_time_are_told_apart(practice, staff_client, staff):
    practice.request(10)
    with use_business(practice.business):
        yoga = rows.create_service(practice.calendar, name="Yoga", capacity=5)
        services.block_time(
            calendar=practice.calendar, title="Lunch", starts_at=at(12), ends_at=at(13), staff=staff, now=NOW
        )
    practice.book(14, service=yoga)
    page = get_page(staff_client())

    assert re.search(r"is-requested.*?Ana Pereira.*?Request<", page)
    assert re.search(r"is-group.*?Yoga.*?1 of 5 seats", page)
    assert re.search(r"is-blocked.*?12:00.*?Lunch", page)


def test_a_time_that_somebody_is_booking_shows_until_its_hold_ends(practice, staff_client, time_machine):
    with use_business(practice.business):
        rows.hold(rows.build_query(practice.service, practice.calendar), at(10))
    browser = staff_client()
    assert "Being booked" in get_page(browser)
    time_machine.shift(services.HOLD_LIFETIME)
    assert "Being booked" not in get_page(browser)


def test_overlapping_appointments_stand_beside_one_another(practice, staff_client, staff):
    practice.book(10)
    with use_business(practice.business):
        booking = services.StaffBooking(
            rows.build_query(practice.service, practice.calendar), at(10, 30), ignores_warnings=True
        )
        services.book_for_client(booking, client=ClientFactory(name="Bo Lind"), staff=staff, now=NOW)
    page = get_page(staff_client())

    assert "track-1-2" in page
    assert re.search(r"is-overbooked row-start-7 row-span-4 track-2-2.*?Bo Lind.*?Overbooked", page)


def test_another_calendar_s_appointments_are_left_out_on_request(practice, staff_client):
    practice.book(10)
    with use_business(practice.business):
        timo = rows.create_calendar("Timo")
    assert "Ana Pereira" in get_page(staff_client(), calendar=practice.calendar.pk)
    assert "Ana Pereira" not in get_page(staff_client(), calendar=timo.pk)


def test_a_free_half_hour_leads_to_a_new_appointment_then(practice, staff_client):
    link = f"appointments/new/?day={MONDAY}&amp;calendar={practice.calendar.pk}&amp;time=09:30"
    assert link in get_page(staff_client())
    assert link not in get_page(staff_client("read-only"))


def test_an_appointment_over_midnight_shows_on_both_days(practice, staff_client):
    with use_business(practice.business):
        night = rows.create_calendar("Nora", hours=(22 * 60, 26 * 60))
        service = rows.create_service(night, name="Night watch")
        rows.book(rows.build_query(service, night, days=2), at(23, 30), client=practice.ana)
    for day in (MONDAY, "2027-01-12"):
        assert "Night watch" in get_page(staff_client(), day=day), day
    assert "Night watch" not in get_page(staff_client(), day="2027-01-13")


@pytest.mark.parametrize(
    "query",
    [{"day": "2027-02-30"}, {"day": "9999-12-31", "view": "month"}, {"calendar": "x"}, {"view": "century", "day": ""}],
)
def test_what_it_can_t_show_becomes_today(practice, staff_client, query):
    assert staff_client().get(PAGE, query).status_code == 200


def test_without_calendars_it_says_what_is_missing(acme, staff_client):
    assert "Nobody has a calendar yet" in get_page(staff_client())


@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_twenty_appointments_take_no_more_statements_than_one(practice, staff_client, view):
    browser = staff_client()
    counts = []
    for starts in ([9], range(10, 17)):
        for hour in starts:
            practice.book(hour)
            practice.book(hour, days=1) if view != "day" else None
        get_page(browser, view=view)
        with capture_statements() as captured:
            get_page(browser, view=view)
        counts.append(len(captured.queries))
    assert counts[0] == counts[1]
