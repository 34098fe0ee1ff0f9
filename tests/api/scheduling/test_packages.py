"""Tests of packages of sessions in the business API, and of a client's own in the client API."""

from uuid import uuid4

import pytest

from portal.scheduling.models import Appointment, AppointmentState, ClientPackage, PackageSession
from tenants.context import use_business
from tests.api.portal.portal_programs import start_portal_program
from tests.api.scheduling import package_objects
from tests.api.scheduling.test_services import list_errors
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(acme, ana, service, now) -> ClientPackage:
    """Five sessions of the massage for Ana."""
    with use_business(acme):
        given = package_objects.give_package(ana, now, sessions_total=5)
        given.services.set([service])
        return given


@pytest.fixture
def send(api_program):
    """Return a function that sends a body to a path of the business API."""
    return lambda path, body=None: api_program().post(path, body or {})


def test_a_package_is_defined_given_and_used_by_a_booking(api_program, send, acme, ana, service, calendar, at):
    body = {"name": "Five massages", "sessions": 5, "services": [str(service.pk)], "price": {"amount": 20000}}
    package = send("session-packages/", body).json()
    assert package["price"] == {"amount": 20000, "currency": acme.currency}
    given = send("client-packages/", {"client": str(ana.pk), "package": package["id"], "note": "A gift"}).json()
    assert (given["sessions_left"], given["expires_on"], given["note"]) == (5, None, "A gift")

    booking = {"client": str(ana.pk), "service": str(service.pk), "staff": str(calendar.pk)}
    booked = send("appointments/", booking | {"starts_at": at(10).isoformat()}).json()

    path = f"client-packages/{given['id']}/"
    assert api_program().get(path).json()["sessions_reserved"] == 1
    [session] = api_program().get(f"{path}sessions/").json()["items"]
    assert (session["appointment"], session["state"]) == (booked["id"], "reserved")
    assert api_program().get(f"appointments/{booked['id']}/session/").json() == {"session": session}
    send(f"appointments/{booked['id']}/cancellation/", {"reason": "Ill"})
    assert api_program().get(path).json()["sessions_left"] == 5


def test_an_appointment_is_given_a_session_or_none(send, acme, given, appointment):
    path = f"appointments/{appointment.pk}/session/"
    assert send(path, {"client_package": str(given.pk)}).status_code == 409
    with use_business(acme):
        given.services.add(appointment.service)
    chosen = send(path, {"client_package": str(given.pk)}).json()["session"]
    assert chosen["client_package"] == str(given.pk)
    assert send(path, {"client_package": None}).json() == {"session": None}
    with use_business(acme):
        Appointment.objects.filter(pk=appointment.pk).update(state=AppointmentState.CANCELLED)
    assert send(path, {"client_package": str(given.pk)}).status_code == 409


def test_sessions_are_taken_until_none_is_left_and_returned(send, acme, given):
    path = f"client-packages/{given.pk}/"
    taken = [send(f"{path}sessions/", {"reason": "Walked in"}) for _time in range(6)]
    assert [answer.status_code for answer in taken] == [201] * 5 + [409]
    back = send(f"{path}sessions/{taken[0].json()['id']}/return/", {"reason": "Counted twice"}).json()
    assert (back["state"], back["reason"]) == ("returned", "Counted twice")
    assert send(f"{path}withdrawal/").json()["withdrawn_at"]
    assert send(f"{path}sessions/", {"reason": "Walked in"}).status_code == 409


def test_a_withdrawn_package_is_changed_no_more(api_program, send, given):
    path = f"client-packages/{given.pk}/"
    assert api_program().patch(path, {"expires_on": "2099-12-31"}).json()["expires_on"] == "2099-12-31"
    send(f"{path}withdrawal/")
    assert api_program().patch(path, {"note": "More"}).status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sessions": 0}, "sessions"),
        ({"services": []}, "services"),
        ({"services": [str(uuid4())]}, "services[0]"),
        ({"price": {"amount": 1, "currency": "JPY"}}, "price.currency"),
        ({"validity_days": 0}, "validity_days"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_package_that_can_not_be_is_refused_by_field(send, service, change, field):
    body = {"name": "Five massages", "sessions": 5, "services": [str(service.pk)]}
    answer = send("session-packages/", body | change)
    assert answer.status_code == 422
    assert [error[0] for error in list_errors(answer)] == [field]


@pytest.mark.parametrize("change", [{"package": str(uuid4())}, {"client": str(uuid4())}, {"expires_on": "2020-01-01"}])
def test_a_package_that_can_not_be_given_is_refused_by_field(send, acme, ana, change):
    with use_business(acme):
        package = package_objects.create_package()
    answer = send("client-packages/", {"client": str(ana.pk), "package": str(package.pk)} | change)
    assert answer.status_code == 422
    assert [error[0] for error in list_errors(answer)] == [*change]


def test_an_archived_package_is_given_to_nobody(send, acme, ana, now):
    with use_business(acme):
        package = package_objects.create_package(archived_at=now)
    assert send("client-packages/", {"client": str(ana.pk), "package": str(package.pk)}).status_code == 422


def test_a_session_of_another_package_is_not_found(send, acme, given, now):
    with use_business(acme):
        other = package_objects.create_session(package_objects.give_package(ClientFactory(), now), now)
    answer = send(f"client-packages/{given.pk}/sessions/{other.pk}/return/", {"reason": "Mine"})
    assert answer.status_code == 404
    with use_business(acme):
        assert PackageSession.objects.get().state == "used"


def test_a_client_reads_what_is_left_of_their_own_packages(acme, ana, given, now):
    with use_business(acme):
        package_objects.give_package(ClientFactory(), now, name="Somebody else’s")
    [shown] = start_portal_program(acme).sign_in().get("session-packages/").json()["items"]
    assert (shown["id"], shown["sessions_left"]) == (str(given.pk), 5)
    assert "note" not in shown
