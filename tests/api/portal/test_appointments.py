"""Tests of services, free times and appointments in the client API."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache

from portal.scheduling.models import Appointment, AppointmentState, Service, ServiceQuestion
from portal.scheduling.services import change_scheduling_settings
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.api.portal.portal_programs import start_portal_program
from tests.api.scheduling import objects
from tests.api.scheduling.conftest import at, calendar, service
from tests.api.scheduling.test_appointments import format_range
from tests.api.scheduling.test_services import list_errors
from tests.factories import ClientFactory

__all__ = ["at", "calendar", "service"]
pytestmark = pytest.mark.usefixtures("committed_db")

MALLORY = "mallory@example.com"


@pytest.fixture
def program(acme, ana):
    """A program with which Ana is signed in."""
    return start_portal_program(acme).sign_in()


@pytest.fixture
def nobody(acme):
    """A program with which nobody is signed in."""
    return start_portal_program(acme)


@pytest.fixture
def book(program, service):
    """Return a function that books the massage for Ana at a time."""

    def send(starts_at, changes=None, *, by=program, **more):
        headers = more.pop("headers", {})
        body = {"service": str(service.pk), "starts_at": starts_at.isoformat()} | more | (changes or {})
        return by.post("appointments/", body, **headers)

    return send


@pytest.fixture
def change_rules(acme, now):
    """Return a function that changes Acme's rules of booking."""

    def change(**rules):
        staff = StaffActor(uuid4(), "Mona", None)
        with use_business(acme):
            change_scheduling_settings(business=acme, staff=staff, now=now, **rules)
        cache.clear()

    return change


def update_service(acme, **columns) -> None:
    """Change the columns of the one service."""
    with use_business(acme):
        Service.objects.update(**columns)


def test_anybody_reads_what_can_be_booked_and_when(nobody, service, calendar, at):
    [shown] = nobody.get("services/").json()["items"]
    assert (shown["id"], shown["duration"], shown["price"]) == (str(service.pk), 60, None)
    assert shown["staff"] == [{"id": str(calendar.pk), "name": "Massage’s"}]
    assert [question["label"] for question in shown["questions"]] == ["Knee or back?", "Since when?"]
    slots = nobody.get(f"slots/?service={service.pk}&staff={calendar.pk}&{format_range(at(10), at(11))}").json()[
        "items"
    ]
    assert [slot["staff"] for slot in slots] == [[str(calendar.pk)]] * 4
    assert slots[0]["starts_at"] == f"{at(10):%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(("visibility", "for_nobody", "for_client"), [("clients", 0, 1), ("staff", 0, 0)])
def test_only_those_see_a_service_who_can_book_it(acme, nobody, program, book, at, visibility, for_nobody, for_client):
    update_service(acme, visibility=visibility)
    with use_business(acme):
        query = f"slots/?service={Service.objects.get().pk}&{format_range(at(10), at(11))}"
    for reader, count in ((nobody, for_nobody), (program, for_client)):
        assert len(reader.get("services/").json()["items"]) == count
        assert reader.get(query).status_code == (200 if count else 422)
    assert book(at(10)).status_code == (201 if for_client else 422)


def test_a_service_that_nobody_gives_is_not_listed(acme, nobody, calendar):
    with use_business(acme):
        type(calendar).objects.update(is_active=False)
    assert nobody.get("services/").json()["items"] == []


def test_a_business_that_takes_no_bookings_answers_404(nobody, service, change_rules, book, at):
    change_rules(is_on=False)
    assert nobody.get("services/").status_code == 404
    assert nobody.get(f"slots/?service={service.pk}&{format_range(at(10), at(11))}").status_code == 404
    assert book(at(10)).status_code == 404


@pytest.mark.parametrize(
    ("until", "error"),
    [
        ({"days": 62, "seconds": 1}, ("to", "too_long")),
        ({"days": 3653}, ("to", "too_long")),
        ({"days": -1}, ("to", "before_from")),
    ],
)
def test_a_range_that_is_too_long_or_none_is_refused(nobody, service, at, until, error):
    answer = nobody.get(f"slots/?service={service.pk}&{format_range(at(0), at(0) + timedelta(**until))}")
    assert list_errors(answer) == {error}


def test_a_client_books_with_whoever_is_free_and_finds_it(program, book, acme, service, calendar, at):
    with use_business(acme):
        question = ServiceQuestion.objects.get(label="Knee or back?")
    answer = book(at(10), answers={str(question.pk): "Knee"}, note="Ring twice.")
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert (shown["state"], shown["staff"]["id"], shown["version"]) == ("confirmed", str(calendar.pk), 0)
    assert shown["answers"] == [{"question": "Knee or back?", "answer": "Knee"}]
    assert (shown["can_reschedule"], shown["can_cancel"]) == (True, True)
    assert program.get(f"appointments/{shown['id']}/").json() == shown
    assert program.get("appointments/?is_coming=yes").json()["items"] == [shown]
    assert program.get("appointments/?is_coming=no").json()["items"] == []
    with use_business(acme):
        booked = Appointment.objects.get()
        assert (booked.note, booked.hold_expires_at, booked.source) == ("Ring twice.", None, "api")


def test_the_business_is_asked_where_it_wants_to_be(book, change_rules, at):
    change_rules(acceptance="by-hand")
    assert book(at(10)).json()["state"] == "requested"


def test_a_second_time_is_the_same_booking(acme, book, at):
    headers = {"Idempotency-Key": "booking-17"}
    first, repeated, again = book(at(10), headers=headers), book(at(10), headers=headers), book(at(10))
    assert first.json()["id"] == repeated.json()["id"] == again.json()["id"]
    assert repeated["Idempotency-Replayed"] == "true"
    with use_business(acme):
        assert Appointment.objects.count() == 1


def test_a_time_that_has_gone_is_answered_with_the_nearest_free_ones(acme, book, at):
    with use_business(acme):
        ClientFactory(name="Mallory", email=MALLORY)
    assert book(at(10), by=start_portal_program(acme).sign_in(MALLORY)).status_code == 201
    refused = book(at(10))
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_unavailable")
    nearest = [slot["starts_at"] for slot in refused.json()["nearest"]]
    assert len(nearest) == 6
    assert f"{at(9):%Y-%m-%dT%H:%M:%SZ}" in nearest
    assert f"{at(10):%Y-%m-%dT%H:%M:%SZ}" not in nearest
    with use_business(acme):
        assert Appointment.objects.count() == 1


@pytest.mark.parametrize("hour", [3, 20])
def test_a_time_outside_the_hours_is_no_slot(book, at, hour):
    assert book(at(hour)).json()["code"] == "slot_unavailable"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"starts_at": "2020-01-01T10:00:00Z"}, ("starts_at", "in_the_past")),
        ({"starts_at": "2999-01-01T10:00:00Z"}, ("starts_at", "too_far")),
        ({"starts_at": "9999-12-31T23:59:00Z"}, ("starts_at", "too_far")),
        ({"starts_at": "0001-01-01T00:00:00Z"}, ("starts_at", "in_the_past")),
        ({"starts_at": "2027-01-01T10:00:00"}, ("starts_at", "naive")),
        ({"starts_at": "soon"}, ("starts_at", "invalid")),
        ({"service": str(uuid4())}, ("service", "not_found")),
        ({"staff": str(uuid4())}, ("staff", "not_found")),
        ({"client": str(uuid4())}, ("client", "unknown_field")),
        ({"answers": {"knee": "Yes"}}, ("answers.knee", "unknown_field")),
        ({"answers": "Yes"}, ("answers", "not_a_dict")),
    ],
)
def test_a_booking_that_can_t_be_is_refused_by_field(acme, book, at, change, error):
    assert list_errors(book(at(10), change)) == {error}
    with use_business(acme):
        assert not Appointment.objects.exists()


def test_a_policy_has_to_be_accepted_and_questions_answered_as_they_are_asked(acme, book, at):
    update_service(acme, policy_text="Cancel a day before.")
    assert list_errors(book(at(10))) == {("accepts_policy", "required")}
    with use_business(acme):
        first, second = ServiceQuestion.objects.order_by("label")
        ServiceQuestion.objects.filter(pk=first.pk).update(kind="choice", choices=["Knee", "Back"], is_required=True)
        ServiceQuestion.objects.filter(pk=second.pk).update(kind="tick")
    assert list_errors(book(at(10), accepts_policy=True)) == {(f"answers.{first.pk}", "required")}
    wrong = {str(first.pk): "Head", str(second.pk): "Yes"}
    expected = {(f"answers.{first.pk}", "invalid_choice"), (f"answers.{second.pk}", "invalid")}
    assert list_errors(book(at(10), accepts_policy=True, answers=wrong)) == expected
    booked = book(at(10), accepts_policy=True, answers={str(first.pk): "Knee", str(second.pk): True})
    assert booked.status_code == 201, booked.content
    with use_business(acme):
        assert Appointment.objects.get().policy_text == "Cancel a day before."


def test_an_appointment_is_moved_to_a_time_that_is_offered(program, book, at):
    path = f"appointments/{book(at(10)).json()['id']}/"
    seen = {"If-Match": program.get(path)["ETag"]}
    moved = program.send("PUT", f"{path}time/", {"starts_at": at(10, days=1).isoformat()}, **seen)
    assert (moved.status_code, moved.json()["version"]) == (200, 1), moved.content
    assert program.send("PUT", f"{path}time/", {"starts_at": at(11).isoformat()}, **seen).status_code == 412
    refused = program.send("PUT", f"{path}time/", {"starts_at": at(20).isoformat()})
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_unavailable")
    assert refused.json()["nearest"]
    assert program.get(path).json()["starts_at"] == f"{at(10, days=1):%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("change", [{"archived_at": "2026-01-01T00:00:00Z"}, {"visibility": "staff"}])
def test_an_appointment_stays_where_it_is_once_clients_can_t_book_its_service(acme, program, book, at, change):
    path = f"appointments/{book(at(10)).json()['id']}/"
    update_service(acme, **change)
    shown = program.get(path).json()
    assert (shown["can_reschedule"], shown["can_cancel"]) == (False, True)
    answer = program.send("PUT", f"{path}time/", {"starts_at": at(11).isoformat()})
    assert (answer.status_code, answer.json()["code"]) == (409, "change_window_closed")
    assert program.get(path).json() == shown


def test_an_appointment_stays_where_it_is_once_the_business_takes_no_bookings(program, book, change_rules, at):
    path = f"appointments/{book(at(10)).json()['id']}/"
    change_rules(is_on=False)
    assert not program.get(path).json()["can_reschedule"]
    answer = program.send("PUT", f"{path}time/", {"starts_at": at(11).isoformat()})
    assert answer.json()["code"] == "change_window_closed"


def test_within_the_window_nothing_is_moved_or_cancelled(program, book, change_rules, at):
    path = f"appointments/{book(at(10)).json()['id']}/"
    change_rules(reschedule_window=20 * 1440, cancel_window=20 * 1440)
    assert not program.get(path).json()["can_cancel"]
    for answer in (
        program.send("PUT", f"{path}time/", {"starts_at": at(11).isoformat()}),
        program.post(f"{path}cancellation/", {}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "change_window_closed")
        assert "contact the business" in answer.json()["detail"]
    assert program.get(path).json()["state"] == "confirmed"


def test_an_appointment_is_cancelled_once_and_its_time_is_free_again(program, book, at):
    path = f"appointments/{book(at(10)).json()['id']}/"
    assert program.post(f"{path}cancellation/", {"reason": "Ill."}).json()["state"] == "cancelled"
    assert program.post(f"{path}cancellation/", {}).json()["code"] == "conflict"
    assert program.send("PUT", f"{path}time/", {"starts_at": at(11).isoformat()}).json()["code"] == "conflict"
    assert program.get("appointments/?is_coming=yes").json()["items"] == []
    assert book(at(10)).status_code == 201


def test_another_client_s_appointment_is_not_found(acme, program, nobody, at, now):
    with use_business(acme):
        foreign = objects.create_appointment(ClientFactory(name="Mallory"), now)
        held = {"state": AppointmentState.HELD, "hold_key": uuid4(), "hold_expires_at": now}
        unowned = objects.create_appointment(None, now, **held)
    for pk in (foreign.pk, unowned.pk, uuid4()):
        path = f"appointments/{pk}/"
        for answer in (
            program.get(path),
            program.post(f"{path}cancellation/", {}),
            program.send("PUT", f"{path}time/", {"starts_at": at(10).isoformat()}),
        ):
            assert answer.status_code == 404
        assert nobody.get(path).status_code == 401
    assert program.get("appointments/").json()["items"] == []


def test_a_proposed_time_is_booked_once_without_an_answer(acme, program, book, change_rules, at, now):
    change_rules(acceptance="by-hand")
    path = f"appointments/{book(at(10)).json()['id']}/"
    assert program.post(f"{path}proposed-time/", None).json()["code"] == "conflict"
    with use_business(acme):
        proposed = {"state": AppointmentState.DECLINED, "proposed_starts_at": at(12)}
        Appointment.objects.update(**proposed)
    first, second = (program.post(f"{path}proposed-time/", None) for _time in range(2))
    assert (first.status_code, first.json()["state"]) == (201, "confirmed"), first.content
    assert (first.json()["starts_at"], second.json()["id"]) == (f"{at(12):%Y-%m-%dT%H:%M:%SZ}", first.json()["id"])
