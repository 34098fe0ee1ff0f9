"""Tests of staff calendars, hours, exceptions, rooms and the rules of booking in the business API."""

from uuid import uuid4

import pytest

from portal.scheduling.models import HoursException, SchedulingSettings
from tenants.context import use_business
from tests.api.scheduling.test_services import list_errors
from tests.factories import create_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(acme):
    """A member of Acme's team."""
    return create_member(acme, "staff")


def test_a_calendar_is_added_for_a_member_of_the_team_once(api_program, acme, member):
    program, body = api_program(), {"name": "Kim", "person": str(member.person_id)}
    shown = program.post("staff-calendars/", body).json()
    assert (shown["person"], shown["time_zone"], shown["is_active"]) == (body["person"], acme.time_zone, True)
    assert program.get("staff-calendars/").json()["items"] == [shown]
    assert list_errors(program.post("staff-calendars/", body)) == {("person", "calendar_exists")}
    hours = program.get(f"staff-calendars/{shown['id']}/opening-hours/").json()["items"]
    assert hours[0] == {"weekday": "monday", "starts": "09:00", "ends": "17:00"}
    assert len(hours) == 5


def test_a_calendar_of_a_stranger_or_in_no_time_zone_is_refused(api_program, globex):
    stranger = create_member(globex, "staff")
    for person_id in (stranger.person_id, uuid4()):
        answer = api_program().post("staff-calendars/", {"name": "Kim", "person": str(person_id)})
        assert list_errors(answer) == {("person", "not_found")}
    answer = api_program().post("staff-calendars/", {"name": "Kim", "time_zone": "Europe/Atlantis"})
    assert list_errors(answer) == {("time_zone", "invalid_choice")}


def test_a_calendar_is_changed_unless_somebody_else_did_meanwhile(api_program, calendar):
    program, path = api_program(), f"staff-calendars/{calendar.pk}/"
    seen = {"If-Match": program.get(path)["ETag"]}
    assert program.patch(path, {"daily_limit": 4, "is_active": False}, **seen).json()["daily_limit"] == 4
    assert program.patch(path, {"daily_limit": None}, **seen).status_code == 412
    assert program.patch(path, {"daily_limit": None}).json()["daily_limit"] is None


def test_the_whole_week_is_put_and_hours_run_over_midnight(api_program, calendar):
    program, path = api_program(), f"staff-calendars/{calendar.pk}/opening-hours/"
    week = [
        {"weekday": "monday", "starts": "00:00", "ends": "24:00"},
        {"weekday": "friday", "starts": "09:00", "ends": "12:00"},
        {"weekday": "friday", "starts": "22:00", "ends": "26:30"},
    ]
    assert program.put(path, {"items": week[::-1]}).json()["items"] == week
    assert program.get(path).json()["items"] == week
    assert program.put(path, {"items": []}).json()["items"] == []


@pytest.mark.parametrize(
    ("starts", "ends", "error"),
    [
        ("9:00", "17:00", ("items[0].starts", "invalid")),
        ("09:00", "17:60", ("items[0].ends", "invalid")),
        ("09:00", "48:01", ("items[0].ends", "invalid")),
        ("09:00", 17, ("items[0].ends", "invalid")),
        ("٠٩:00", "17:00", ("items[0].starts", "invalid")),
        ("09:00", "09:00", ("items[0].ends", "before_start")),
        ("22:00", "02:00", ("items[0].ends", "before_start")),
        ("24:00", "26:00", ("items[0].starts", "max_value")),
    ],
)
def test_hours_that_are_none_are_refused(api_program, calendar, starts, ends, error):
    body = {"items": [{"weekday": "monday", "starts": starts, "ends": ends}]}
    assert list_errors(api_program().put(f"staff-calendars/{calendar.pk}/opening-hours/", body)) == {error}


def test_hours_of_one_day_that_overlap_are_refused(api_program, calendar):
    spans = (("09:00", "13:00"), ("12:00", "15:00"))
    items = [{"weekday": "monday", "starts": starts, "ends": ends} for starts, ends in spans]
    answer = api_program().put(f"staff-calendars/{calendar.pk}/opening-hours/", {"items": items})
    assert list_errors(answer) == {("items", "overlap")}


def test_exceptions_are_added_listed_by_day_and_calendar_and_deleted(api_program, calendar):
    program = api_program()
    closed = program.post("hours-exceptions/", {"starts_on": "2027-05-03", "ends_on": "2027-05-05", "label": "Works"})
    extra = {"staff": str(calendar.pk), "starts_on": "2027-05-08", "starts": "20:00", "ends": "25:00"}
    added = program.post("hours-exceptions/", extra | {"is_addition": True})
    assert (closed.status_code, added.status_code) == (201, 201), added.content
    assert (closed.json()["starts"], closed.json()["staff"]) == (None, None)
    assert (added.json()["ends_on"], added.json()["ends"]) == ("2027-05-08", "25:00")

    def list_days(query):
        return [one["starts_on"] for one in program.get(f"hours-exceptions/?{query}").json()["items"]]

    assert list_days("") == ["2027-05-03", "2027-05-08"]
    assert list_days("from=2027-05-05&to=2027-05-08") == ["2027-05-03"]
    assert list_days("from=2027-05-06") == ["2027-05-08"]
    assert list_days(f"staff={calendar.pk}") == ["2027-05-03", "2027-05-08"]
    assert list_days(f"staff={uuid4()}") == ["2027-05-03"]
    path = f"hours-exceptions/{added.json()['id']}/"
    assert program.delete(path).status_code == 204
    assert (program.delete(path).status_code, program.get(path).status_code) == (404, 404)
    assert list_days("") == ["2027-05-03"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"starts_on": "2027-05-03", "ends_on": "2027-05-02"}, ("ends_on", "invalid")),
        ({"starts_on": "2027-05-03", "ends_on": "2037-05-03"}, ("ends_on", "invalid")),
        ({"starts_on": "1027-05-03"}, ("starts_on", "min_value")),
        ({"starts_on": "2027-02-30"}, ("starts_on", "invalid")),
        ({"starts_on": "2027-05-03", "starts": "09:00"}, ("ends", "required")),
        ({"starts_on": "2027-05-03", "is_addition": True}, ("starts", "required")),
        ({"starts_on": "2027-05-03", "starts": "12:00", "ends": "09:00"}, ("ends", "before_start")),
        ({"starts_on": "2027-05-03", "staff": str(uuid4())}, ("staff", "not_found")),
    ],
)
def test_an_exception_that_can_t_be_is_refused(api_program, acme, body, error):
    assert list_errors(api_program().post("hours-exceptions/", body)) == {error}
    with use_business(acme):
        assert not HoursException.objects.exists()


def test_every_exception_is_on_one_page_of_the_list(api_program):
    program, found, path = api_program(), [], "hours-exceptions/?limit=2"
    for day in ("2027-05-03", "2027-05-03", "2027-05-01", "2027-06-01", "2027-05-02"):
        assert program.post("hours-exceptions/", {"starts_on": day}).status_code == 201
    while path:
        page = program.get(path).json()
        found += [one["starts_on"] for one in page["items"]]
        path = page["next_cursor"] and f"hours-exceptions/?limit=2&cursor={page['next_cursor']}"
    assert found == ["2027-05-01", "2027-05-02", "2027-05-03", "2027-05-03", "2027-06-01"]


def test_rooms_and_equipment_are_added_and_changed(api_program):
    program = api_program()
    added = program.post("resources/", {"name": "Laser", "kind": "equipment"}).json()
    assert program.get("resources/").json()["items"] == [added]
    changed = program.patch(f"resources/{added['id']}/", {"is_active": False}).json()
    assert changed == added | {"is_active": False}
    assert program.get(f"resources/{added['id']}/").json() == changed


def test_the_rules_of_booking_are_read_and_changed(api_program, acme):
    program = api_program()
    seen = program.get("scheduling-settings/")
    assert (seen.json()["horizon"], seen.json()["reminders"]) == (90, [1440, 120])
    body = {"horizon": 30, "reminders": [60, 2880, 60], "holiday_country": "DE", "holiday_subdivision": "BY"}
    changed = program.patch("scheduling-settings/", body, **{"If-Match": seen["ETag"]}).json()
    assert (changed["horizon"], changed["reminders"], changed["notice"]) == (30, [2880, 60], 120)
    assert program.patch("scheduling-settings/", {"notice": 0}, **{"If-Match": seen["ETag"]}).status_code == 412
    with use_business(acme):
        assert SchedulingSettings.objects.get().holiday_subdivision == "BY"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"horizon": 0}, ("horizon", "min_value")),
        ({"start_interval": 4}, ("start_interval", "min_value")),
        ({"reminders": [60, 120, 180, 240]}, ("reminders", "max_length")),
        ({"holiday_country": "XX"}, ("holiday_country", "invalid_choice")),
        ({"holiday_country": "DE", "holiday_subdivision": "TX"}, ("holiday_subdivision", "invalid_choice")),
    ],
)
def test_rules_that_can_t_be_are_refused(api_program, body, error):
    assert list_errors(api_program().patch("scheduling-settings/", body)) == {error}
