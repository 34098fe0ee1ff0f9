"""Tests of blocked times and public holidays in the business API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.scheduling.models import HoursException
from tenants.context import use_business
from tests.api.scheduling import objects
from tests.api.scheduling.test_services import list_errors

pytestmark = pytest.mark.django_db

HOLIDAYS = "hours-exceptions/public-holidays/"


@pytest.fixture
def body(calendar, at):
    """What blocks two hours of the calendar."""
    return {
        "staff": str(calendar.pk),
        "title": "Training",
        "starts_at": at(10).isoformat(),
        "ends_at": at(12).isoformat(),
    }


def test_a_blocked_time_is_offered_to_nobody_until_it_is_freed(api_program, body, service, at):
    program = api_program()
    shown = program.post("blocked-times/", body).json()
    query = f"availability/?service={service.pk}&from={at(0):%Y-%m-%dT%H:%M:%SZ}&to={at(23):%Y-%m-%dT%H:%M:%SZ}"

    def list_starts():
        return [slot["starts_at"][11:16] for slot in program.get(query).json()["items"]]

    assert (shown["title"], shown["staff"]) == ("Training", body["staff"])
    assert "10:00" not in list_starts()
    assert program.delete(f"blocked-times/{shown['id']}/").status_code == 204
    assert "10:00" in list_starts()
    assert program.delete(f"blocked-times/{shown['id']}/").status_code == 404


def test_a_time_that_is_taken_is_a_conflict(api_program, body):
    program = api_program()
    program.post("blocked-times/", body)

    answer = program.post("blocked-times/", body | {"title": "Again"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda at: {"ends_at": at(10).isoformat()}, "ends_at"),
        (lambda at: {"starts_at": at(10, days=-2).replace(second=5).isoformat()}, "starts_at"),
        (lambda at: {"ends_at": "9999-12-31T00:00:00Z"}, "ends_at"),
        (lambda at: {"staff": "0e0a9b1c-1f3d-4c6b-9a55-6f8f3e0f2b11"}, "staff"),
    ],
)
def test_a_time_that_can_not_be_is_an_error_of_its_field(api_program, body, at, change, field):
    assert {name for name, _code in list_errors(api_program().post("blocked-times/", body | change(at)))} == {field}


def test_blocked_times_are_listed_by_calendar_and_range_and_appointments_are_none(acme, api_program, body, at, ana):
    program = api_program()
    shown = program.post("blocked-times/", body).json()
    with use_business(acme):
        other = objects.create_calendar("Other", timezone.now())
        booked = objects.create_appointment(ana, timezone.now()).entry_id
    for query, found in (
        ("", [shown]),
        (f"?staff={body['staff']}", [shown]),
        (f"?staff={other.pk}", []),
        (f"?from={at(11):%Y-%m-%dT%H:%M:%SZ}", [shown]),
        (f"?from={at(12):%Y-%m-%dT%H:%M:%SZ}", []),
        (f"?to={at(10):%Y-%m-%dT%H:%M:%SZ}", []),
    ):
        assert program.get(f"blocked-times/{query}").json()["items"] == found, query
    assert program.get(f"blocked-times/{booked}/").status_code == 404
    assert program.delete(f"blocked-times/{booked}/").status_code == 404


def test_public_holidays_close_one_calendar_or_all_once_each(acme, api_program, calendar):
    program, year = api_program(), timezone.now().year + 1
    place = {"country": "DE", "subdivision": "BY", "year": year}

    counts = [program.post(HOLIDAYS, place | {"staff": str(calendar.pk)}).json()["added_count"] for _twice in range(2)]
    for_all = program.post(HOLIDAYS, place).json()["added_count"]

    assert counts[0] == for_all > 9
    assert counts[1] == 0
    with use_business(acme):
        assert HoursException.objects.filter(calendar=calendar, starts_on=f"{year}-12-25").count() == 1
        assert HoursException.objects.filter(calendar=None, starts_on=f"{year}-12-25").count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"country": "XX"}, "country"),
        ({"country": "de"}, "country"),
        ({"subdivision": "NRW-7"}, "subdivision"),
        ({"year": 1900}, "year"),
        ({"staff": "0e0a9b1c-1f3d-4c6b-9a55-6f8f3e0f2b11"}, "staff"),
    ],
)
def test_a_place_without_known_holidays_is_an_error_of_its_field(api_program, change, field):
    body = {"country": "DE", "year": timezone.now().year + 1}
    assert {name for name, _code in list_errors(api_program().post(HOLIDAYS, body | change))} == {field}


def test_holidays_that_have_passed_are_not_added(api_program):
    last_year = (timezone.now() - timedelta(days=366)).year
    assert api_program().post(HOLIDAYS, {"country": "DE", "year": last_year}).json() == {"added_count": 0}
