"""Staff move one appointment of a series, this and the following, or all to come, on the page of a single move."""

from datetime import datetime

import pytest

from portal.scheduling.console.staff_booking import build_staff_rules
from portal.scheduling.models import Appointment
from portal.scheduling.recurrence import RepeatRule
from portal.scheduling.services import series
from portal.scheduling.services.series import SeriesPlan
from tenants.context import use_business
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.console.test_booking_by_staff import CALENDAR
from tests.portal.scheduling.scheduling_rows import BERLIN, NOW, RULES, at
from tests.portal.scheduling.series_rows import SABINE


@pytest.fixture
def booked(practice) -> list[Appointment]:
    """Four Mondays at ten of Ana's."""
    practice.business.time_zone = BERLIN
    practice.business.save()
    with use_business(practice.business):
        query = rows.build_query(practice.service, practice.calendar, rules=build_staff_rules(RULES))
        plan = SeriesPlan(query, datetime(2027, 1, 11, 10, 0), BERLIN, RepeatRule(count=4))  # noqa: DTZ001
        made = series.book_series(plan, client=practice.ana, staff=SABINE, now=NOW)
        return list(made.appointments.order_by("starts_at"))


def move(practice, staff_client, appointment, **typed):
    """Send the form that moves the second Monday to eleven."""
    data = {"calendar": str(practice.calendar.pk), "day": "2027-01-18", "time": "11:00", "version": "0"} | typed
    return staff_client().post(f"{CALENDAR}appointments/{appointment.pk}/time/", data)


def list_starts(practice, booked) -> list:
    """Return when the appointments start now."""
    return [practice.reload(each).starts_at for each in booked]


@pytest.mark.parametrize(
    ("scope", "hours"), [("this", (10, 11, 10, 10)), ("following", (10, 11, 11, 11)), ("all", (11,) * 4)]
)
def test_what_was_chosen_is_moved(practice, booked, staff_client, scope, hours):
    assert move(practice, staff_client, booked[1], scope=scope).status_code == 302
    assert list_starts(practice, booked) == [at(hour, days=7 * week) for week, hour in enumerate(hours)]


def test_taken_times_are_named_and_none_is_moved(practice, booked, staff_client):
    practice.book(11, days=14, rules=RULES)
    answer = move(practice, staff_client, booked[1], scope="following")
    assert answer.status_code == 422
    assert "Monday, 25 January 2027, 11:00: There is another appointment" in answer.content.decode()
    assert list_starts(practice, booked) == [at(10, days=7 * week) for week in range(4)]


def test_an_unknown_choice_moves_nothing(practice, booked, staff_client):
    assert move(practice, staff_client, booked[1], scope="everything").status_code == 422
    assert list_starts(practice, booked) == [at(10, days=7 * week) for week in range(4)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"minutes": "90"}, "You can change the length of one appointment only."),
        ({"is_silent": "on"}, "Clients are always told when several appointments move."),
    ],
)
def test_what_holds_for_one_appointment_only_is_refused_for_several(practice, booked, staff_client, typed, words):
    answer = move(practice, staff_client, booked[1], scope="all", **typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert list_starts(practice, booked) == [at(10, days=7 * week) for week in range(4)]


def test_a_series_that_somebody_else_moved_meanwhile_stays(practice, booked, staff_client):
    assert move(practice, staff_client, booked[1], scope="following").status_code == 302
    assert move(practice, staff_client, booked[1], scope="all", time="12:00").status_code == 409
    assert list_starts(practice, booked) == [at(10), *(at(11, days=7 * week) for week in (1, 2, 3))]


def test_appointments_of_one_date_can_not_be_moved_to_one_time(practice, booked, staff_client):
    assert move(practice, staff_client, booked[2], day="2027-01-18", time="13:00").status_code == 302
    answer = move(practice, staff_client, booked[1], scope="following")
    assert answer.status_code == 422
    assert list_starts(practice, booked)[1:3] == [at(10, days=7), at(13, days=7)]


def test_an_appointment_that_does_not_repeat_has_no_choice(practice, staff_client):
    single = practice.book(10, days=14, rules=RULES)
    page = staff_client().get(f"{CALENDAR}appointments/{single.pk}/time/").content.decode()
    assert "Which appointments" not in page
