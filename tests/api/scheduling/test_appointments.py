"""Tests of free times and appointments in the business API."""

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.activity.models import Entry
from portal.scheduling.models import Appointment, AppointmentState, CalendarEntry, Service
from tenants.context import use_business
from tests.api.scheduling import objects
from tests.api.scheduling.test_services import list_errors
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(api_program, service, calendar, ana):
    """Return a function that books the massage for Ana at a time."""

    def send(starts_at, program=None, **more):
        body = {"client": str(ana.pk), "service": str(service.pk), "staff": str(calendar.pk)}
        headers = more.pop("headers", {})
        return (program or api_program()).post("appointments/", body | {"starts_at": starts_at} | more, **headers)

    return send


def format_range(from_at, until_at) -> str:
    """Return a range of instants as query parameters."""
    return f"from={from_at:%Y-%m-%dT%H:%M:%SZ}&to={until_at:%Y-%m-%dT%H:%M:%SZ}"


def test_free_times_are_answered_with_who_is_free(api_program, service, calendar, at):
    query = f"service={service.pk}&staff={calendar.pk}&{format_range(at(10), at(11))}"
    [first, *others] = api_program().get(f"availability/?{query}").json()["items"]
    assert first == {
        "starts_at": f"{at(10):%Y-%m-%dT%H:%M:%SZ}",
        "ends_at": f"{at(11):%Y-%m-%dT%H:%M:%SZ}",
        "staff": [str(calendar.pk)],
        "seats_left": 1,
    }
    assert len(others) == 3


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"to": timedelta(days=62, seconds=1)}, ("to", "too_long")),
        ({"to": timedelta(days=3653)}, ("to", "too_long")),
        ({"to": timedelta(0)}, ("to", "before_from")),
        ({"service": uuid4()}, ("service", "not_found")),
        ({"staff": uuid4()}, ("staff", "not_found")),
        ({"from": "2027-01-01"}, ("from", "naive")),
        ({"from": "2027-01-01T10:00:00"}, ("from", "naive")),
        ({"from": "0001-01-01T00:00:00+14:00"}, ("from", "invalid")),
        ({"staff": "x"}, ("staff", "invalid")),
        ({"calendar": "x"}, ("calendar", "unknown_field")),
    ],
)
def test_a_question_about_free_times_that_makes_no_sense_is_refused(api_program, service, at, change, error):
    query = {"service": service.pk, "from": f"{at(0):%Y-%m-%dT%H:%M:%SZ}", "to": timedelta(days=1)} | change
    if isinstance(query["to"], timedelta):
        query["to"] = f"{at(0) + query['to']:%Y-%m-%dT%H:%M:%SZ}"
    answer = api_program().get(f"availability/?{'&'.join(f'{name}={value}' for name, value in query.items())}")
    assert list_errors(answer) == {error}


def test_the_whole_of_62_days_is_answered(api_program, service, at):
    query = f"service={service.pk}&{format_range(at(0), at(0) + timedelta(days=62))}"
    assert len(api_program().get(f"availability/?{query}").json()["items"]) > 1000


def test_an_archived_service_is_neither_free_nor_booked(api_program, service, book, at):
    program = api_program()
    program.post(f"services/{service.pk}/archival/", None)
    answer = program.get(f"availability/?service={service.pk}&{format_range(at(0), at(1))}")
    assert list_errors(answer) == {("service", "archived")}
    assert list_errors(book(at(10).isoformat())) == {("service", "archived")}


def test_an_appointment_is_booked_shown_and_recorded_with_the_key(api_program, book, ana, service, calendar, at, acme):
    answer = book(at(10).isoformat(), note="First time.")
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert shown["state"] == "confirmed"
    assert shown["client"] == {"id": str(ana.pk), "name": "Ana Pereira"}
    assert shown["service"] == {"id": str(service.pk), "name": "Massage"}
    assert shown["staff"] == {"id": str(calendar.pk), "name": "Massage’s"}
    assert (shown["starts_at"], shown["source"]) == (f"{at(10):%Y-%m-%dT%H:%M:%SZ}", "api")
    assert (shown["note"], shown["is_overbooked"], shown["version"]) == ("First time.", False, 0)
    assert api_program().get(f"appointments/{shown['id']}/").json() == shown
    with use_business(acme):
        assert "(Sync)" in Entry.objects.get(event_type="scheduling.appointment-confirmed").actor_name


def test_a_taken_time_needs_a_second_word_and_says_so_afterwards(book, at, acme):
    assert book(at(10).isoformat()).status_code == 201
    refused = book(at(10).isoformat())
    assert (refused.status_code, refused.json()["code"]) == (409, "booking_needs_confirmation")
    assert {warning["code"] for warning in refused.json()["warnings"]} == {"calendar-taken", "resource-taken"}
    assert all(warning["message"].endswith(".") for warning in refused.json()["warnings"])
    with use_business(acme):
        assert Appointment.objects.count() == 1
    assert book(at(10).isoformat(), ignore_warnings=True).json()["is_overbooked"]


@pytest.mark.parametrize("hour", [3, 16.5, 20])
def test_a_time_outside_the_hours_is_not_offered_but_possible(book, at, hour):
    starts_at = (at(0) + timedelta(hours=hour)).isoformat()
    assert [warning["code"] for warning in book(starts_at).json()["warnings"]] == ["not-offered"]
    answer = book(starts_at, ignore_warnings=True)
    assert (answer.status_code, answer.json()["is_overbooked"]) == (201, False)


def test_a_request_sent_again_books_once(api_program, book, at, acme):
    program, headers = api_program(), {"Idempotency-Key": "booking-17"}
    first, second = (book(at(10).isoformat(), program, headers=headers) for _time in range(2))
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    with use_business(acme):
        assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"starts_at": "2999-01-01T10:00:00Z"}, ("starts_at", "too_far")),
        ({"starts_at": "0001-01-01T10:00:00Z"}, ("starts_at", "too_far")),
        ({"starts_at": "2027-01-01T10:00:00"}, ("starts_at", "naive")),
        ({"starts_at": "tomorrow"}, ("starts_at", "invalid")),
        ({"client": str(uuid4())}, ("client", "not_found")),
        ({"service": str(uuid4())}, ("service", "not_found")),
        ({"staff": str(uuid4())}, ("staff", "not_found")),
        ({"state": "done"}, ("state", "unknown_field")),
    ],
)
def test_an_appointment_that_can_t_be_is_refused_by_field(book, at, change, error):
    body = {"starts_at": at(10).isoformat()} | change
    assert list_errors(book(body.pop("starts_at"), **body)) == {error}


def test_a_client_and_a_calendar_of_another_business_are_not_found(book, at, globex, now):
    with use_business(globex):
        client, calendar = ClientFactory(id=uuid4(), name="Gus"), objects.create_calendar("Gus", now)
    assert list_errors(book(at(10).isoformat(), client=str(client.pk))) == {("client", "not_found")}
    assert list_errors(book(at(10).isoformat(), staff=str(calendar.pk))) == {("staff", "not_found")}


def test_seconds_are_refused(book, at):
    assert list_errors(book((at(10) + timedelta(seconds=1)).isoformat())) == {("starts_at", "not_a_minute")}


def test_a_client_has_one_seat_of_a_group(api_program, book, service, at):
    program = api_program()
    assert program.patch(f"services/{service.pk}/", {"capacity": 3}).status_code == 200
    assert book(at(10).isoformat()).status_code == 201
    refused = book(at(10).isoformat(), ignore_warnings=True)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    moved = book(at(12).isoformat()).json()["id"]
    refused = program.put(f"appointments/{moved}/time/", {"starts_at": at(10).isoformat()})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert program.get(f"appointments/{moved}/").json()["starts_at"] == f"{at(12):%Y-%m-%dT%H:%M:%SZ}"


def test_appointments_are_listed_by_start_and_filtered(api_program, appointment, book, ana, service, calendar, at):
    program, booked = api_program(), book(at(10).isoformat()).json()["id"]
    both = [str(appointment.pk), booked]

    def list_ids(query):
        answer = program.get(f"appointments/?{query}")
        assert answer.status_code == 200, answer.content
        return [one["id"] for one in answer.json()["items"]]

    assert list_ids("") == both
    assert list_ids("sort=-starts_at") == both[::-1]
    assert list_ids(f"client={ana.pk}") == both
    assert list_ids(f"client={uuid4()}") == []
    assert list_ids(f"service={service.pk}") == [booked]
    assert list_ids(f"staff={calendar.pk}") == [booked]
    assert list_ids("state=requested") == [str(appointment.pk)]
    assert list_ids(format_range(at(10), at(11))) == [booked]
    assert list_ids(format_range(at(9), at(10))) == []
    assert program.get("appointments/?state=held").status_code == 422
    page = program.get("appointments/?limit=1").json()
    assert list_ids(f"limit=1&cursor={page['next_cursor']}") == [booked]


def test_what_is_only_held_is_no_appointment(api_program, appointment, acme, now):
    with use_business(acme):
        held = {"state": AppointmentState.HELD, "hold_key": uuid4(), "hold_expires_at": now + timedelta(minutes=9)}
        Appointment.objects.update(**held)
    assert api_program().get("appointments/").json()["items"] == []
    assert api_program().get(f"appointments/{appointment.pk}/").status_code == 404


def test_a_request_is_confirmed_once(api_program, appointment):
    program, path = api_program(), f"appointments/{appointment.pk}/confirmation/"
    confirmed = program.post(path, None)
    assert (confirmed.json()["state"], confirmed.json()["version"]) == ("confirmed", 1)
    assert (program.post(path, None).status_code, program.post(path, None).json()["code"]) == (409, "conflict")


def test_a_request_is_declined_with_a_reason_and_another_time(api_program, appointment, at):
    program, path = api_program(), f"appointments/{appointment.pk}/refusal/"
    past = (at(10) - timedelta(days=30)).isoformat()
    assert list_errors(program.post(path, {"proposed_starts_at": past})) == {("proposed_starts_at", "in_the_past")}
    answer = program.post(path, {"reason": "Full.", "proposed_starts_at": at(11).isoformat()})
    declined = answer.json()
    assert (declined["state"], declined["reason"]) == ("declined", "Full.")
    assert declined["proposed_starts_at"] == f"{at(11):%Y-%m-%dT%H:%M:%SZ}"
    assert program.post(path, {}).status_code == 409


@pytest.mark.parametrize("why", ["at night", "taken", "archived"])
def test_a_time_that_the_client_can_t_book_is_not_proposed(
    api_program, appointment, book, acme, service, calendar, at, now, why
):
    if why == "taken":
        assert book(at(11).isoformat()).status_code == 201
    with use_business(acme):
        Appointment.objects.filter(pk=appointment.pk).update(service=service)
        CalendarEntry.objects.filter(pk=appointment.entry_id).update(service=service, calendar=calendar)
        service.resources.clear()
        # Somebody else is free.
        service.calendars.add(objects.create_calendar("Ben", now))
        Service.objects.update(archived_at=now if why == "archived" else None)
    starts_at = at(3 if why == "at night" else 11).isoformat()
    answer = api_program().post(f"appointments/{appointment.pk}/refusal/", {"proposed_starts_at": starts_at})
    assert list_errors(answer) == {("proposed_starts_at", "not_offered")}


def test_an_appointment_is_moved_unless_it_changed_meanwhile(api_program, book, at):
    program, path = api_program(), f"appointments/{book(at(10).isoformat()).json()['id']}/"
    seen = {"If-Match": program.get(path)["ETag"]}
    moved = program.put(f"{path}time/", {"starts_at": at(11).isoformat()}, **seen)
    assert (moved.status_code, moved.json()["version"]) == (200, 1), moved.content
    assert moved.json()["starts_at"] == f"{at(11):%Y-%m-%dT%H:%M:%SZ}"
    assert program.put(f"{path}time/", {"starts_at": at(12).isoformat()}, **seen).status_code == 412
    other = book(at(14).isoformat()).json()["id"]
    refused = program.put(f"appointments/{other}/time/", {"starts_at": at(11).isoformat()}).json()
    assert refused["code"] == "booking_needs_confirmation"


def test_an_appointment_is_moved_to_somebody_else(api_program, book, at, acme, now, service):
    booked = book(at(10).isoformat()).json()["id"]
    with use_business(acme):
        other = objects.create_calendar("Ben", now)
        service.calendars.add(other)
    body = {"starts_at": at(10).isoformat(), "staff": str(other.pk)}
    assert api_program().put(f"appointments/{booked}/time/", body).json()["staff"]["name"] == "Ben"


def test_an_appointment_is_cancelled_once_and_not_moved_any_more(api_program, book, at):
    program, path = api_program(), f"appointments/{book(at(10).isoformat()).json()['id']}/"
    cancelled = program.post(f"{path}cancellation/", {"reason": "Ill."}).json()
    assert (cancelled["state"], cancelled["reason"]) == ("cancelled", "Ill.")
    assert program.post(f"{path}cancellation/", {}).status_code == 409
    assert program.put(f"{path}time/", {"starts_at": at(11).isoformat()}).json()["code"] == "conflict"
    assert book(at(10).isoformat()).status_code == 201


def test_attendance_is_marked_once_it_has_begun(api_program, appointment, acme, now):
    program, path = api_program(), f"appointments/{appointment.pk}/attendance/"
    assert list_errors(program.post(path, {"state": "confirmed"})) == {("state", "invalid_choice")}
    assert program.post(path, {"state": "done"}).status_code == 409
    with use_business(acme):
        begun = {"starts_at": now - timedelta(minutes=5), "state": AppointmentState.CONFIRMED}
        Appointment.objects.update(**begun)
    assert program.post(path, {"state": "no-show"}).json()["state"] == "no-show"
    assert program.post(path, {"state": "done"}).json()["state"] == "done"


def test_a_key_that_reads_appointments_changes_none(api_program, appointment):
    program = api_program(["appointments:read"])
    assert program.get(f"appointments/{appointment.pk}/").status_code == 200
    assert program.post(f"appointments/{appointment.pk}/confirmation/", None).json()["code"] == "forbidden"
    assert program.get("services/").json()["code"] == "forbidden"


def test_another_business_s_appointment_is_not_found(api_program, globex, now):
    with use_business(globex):
        foreign = objects.create_appointment(ClientFactory(name="Gus"), now)
    program, path = api_program(), f"appointments/{foreign.pk}/"
    for answer in (
        program.get(path),
        program.post(f"{path}confirmation/", None),
        program.post(f"{path}cancellation/", {}),
        program.put(f"{path}time/", {"starts_at": now.isoformat()}),
    ):
        assert answer.status_code == 404
