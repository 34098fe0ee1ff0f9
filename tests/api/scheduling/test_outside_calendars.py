"""Tests of outside calendars in the business API: their addresses go in and never come out."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from portal.scheduling.models import OutsideBusyTime, OutsideCalendar
from tenants.context import use_business
from tenants.encryption import decrypt_text
from tests.api.scheduling.objects import create_calendar
from tests.api.scheduling.test_services import list_errors

pytestmark = pytest.mark.django_db

SECRET = "secret-7714"
ADDRESS = f"webcal://calendar.example.com/{SECRET}/basic.ics"
PATH = "outside-calendars/"


@pytest.fixture
def body(calendar):
    """What adds an outside calendar."""
    return {"staff": str(calendar.pk), "name": "Private", "address": ADDRESS}


def test_an_address_is_taken_and_answered_by_no_operation(acme, api_program, body):
    program = api_program()
    created = program.post(PATH, body)
    shown, path = created.json(), f"{PATH}{created.json()['id']}/"

    assert created.status_code == 201
    assert (shown["staff"], shown["name"], shown["is_active"], shown["last_ok_at"]) == (
        body["staff"],
        "Private",
        True,
        None,
    )
    answers = [created, program.get(path), program.get(PATH), program.patch(path, {"name": "Home"})]
    answers.append(program.post(f"{path}fetches/", {}))
    with use_business(acme):
        OutsideCalendar.objects.update(next_fetch_at=F("next_fetch_at") - timedelta(minutes=1))
    answers += [program.post(f"{path}fetches/", {}) for _send in range(2)]
    # It is being read already after it was added, and again after it was asked for.
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 409, 202, 409]
    assert not any(SECRET in answer.content.decode() for answer in answers)
    with use_business(acme):
        assert decrypt_text(OutsideCalendar.objects.get().address) == ADDRESS.replace("webcal", "https")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://127.0.0.2.nip.example:22/", "port"),
        ("https://10.1.2.3/a.ics", "private_address"),
        ("ftp://calendar.example.com/a.ics", "scheme"),
        ("https://user@calendar.example.com/", "form"),
        (ADDRESS, "exists"),
    ],
)
def test_an_address_that_can_not_be_is_an_error_of_its_field_and_not_repeated(api_program, body, address, code):
    program = api_program()
    program.post(PATH, body)

    answer = program.post(PATH, body | {"address": address})
    assert list_errors(answer) == {("address", code)}
    assert address not in answer.content.decode()


def test_a_foreign_or_unknown_staff_calendar_is_refused(globex, api_program, body):
    with use_business(globex):
        foreign = create_calendar("Foreign", timezone.now())
    assert list_errors(api_program().post(PATH, body | {"staff": str(foreign.pk)})) == {("staff", "not_found")}


def test_a_calendar_is_switched_off_and_changed_unless_somebody_else_did(acme, api_program, body):
    program = api_program()
    path = f"{PATH}{program.post(PATH, body).json()['id']}/"
    seen = {"If-Match": program.get(path)["ETag"]}

    assert program.patch(path, {"is_active": False}, **seen).json()["is_active"] is False
    assert program.patch(path, {"name": "Home"}, **seen).status_code == 412
    assert list_errors(program.patch(path, {"address": "https://10.0.0.1/"})) == {("address", "private_address")}
    assert program.post(f"{path}fetches/", {}).status_code == 409


def test_a_failure_is_a_kind_and_staleness_is_said(acme, api_program, body):
    program = api_program()
    path = f"{PATH}{program.post(PATH, body).json()['id']}/"
    long_ago = timezone.now() - timedelta(hours=3)
    with use_business(acme):
        OutsideCalendar.objects.update(last_error="timeout", failing_since=long_ago, last_ok_at=long_ago)

    shown = program.get(path).json()
    assert (shown["last_error"], shown["is_stale"]) == ("timeout", True)


def test_a_sixth_calendar_is_a_conflict_and_a_deleted_one_makes_room(acme, api_program, body):
    program = api_program()
    answers = [program.post(PATH, body | {"address": f"{ADDRESS}?{number}"}) for number in range(6)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [409]
    path = f"{PATH}{answers[0].json()['id']}/"
    with use_business(acme):
        now = timezone.now()
        first = OutsideCalendar.objects.get(pk=answers[0].json()["id"])
        OutsideBusyTime.objects.create(outside_calendar=first, busy_from=now, busy_until=now + timedelta(hours=1))

    assert program.delete(path).status_code == 204
    assert program.delete(path).status_code == 404
    assert program.post(PATH, body).status_code == 201
    with use_business(acme):
        assert not OutsideBusyTime.objects.exists()
