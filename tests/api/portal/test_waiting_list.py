"""A client's program waits for a time of a service, and answers what is offered."""

import pytest
from django.utils import timezone

from portal.clients.models import Client
from portal.scheduling.models import WaitingListEntry
from tenants.context import use_business
from tests.api.portal.portal_programs import start_portal_program
from tests.api.scheduling.waiting_list_objects import create_offer
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(acme, ana):
    """A program with which Ana is signed in."""
    return start_portal_program(acme).sign_in()


@pytest.fixture
def offered(acme, ana):
    """What Ana waits for, and the time that she is offered."""
    with use_business(acme):
        return create_offer(Client.objects.get(pk=ana.pk), timezone.now())


def test_a_client_accepts_an_offer_and_the_second_time_it_is_the_same_appointment(program, offered):
    entry, offer = offered
    [shown] = program.get("waiting-list-entries/").json()["items"]
    assert (shown["id"], shown["offer"]["id"]) == (str(entry.pk), str(offer.pk))
    answers = [program.post(f"waiting-list-offers/{offer.pk}/acceptance/", {}) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].content
    assert {answer.json()["id"] for answer in answers} == {str(offer.appointment_id)}
    assert program.get("waiting-list-entries/").json()["items"][0]["state"] == "booked"


def test_a_client_declines_an_offer_and_can_not_accept_it_any_more(program, offered):
    _entry, offer = offered
    answer = program.post(f"waiting-list-offers/{offer.pk}/refusal/", {})
    assert (answer.status_code, answer.json()["state"]) == (200, "waiting"), answer.content
    assert program.post(f"waiting-list-offers/{offer.pk}/acceptance/", {}).status_code == 409


def test_what_somebody_else_waits_for_is_not_found(acme, program):
    with use_business(acme):
        entry, offer = create_offer(ClientFactory(name="Mallory"), timezone.now())
    paths = [f"waiting-list-entries/{entry.pk}/withdrawal/", f"waiting-list-offers/{offer.pk}/refusal/"]
    assert [program.post(path, {}).status_code for path in paths] == [404, 404]
    assert program.get("waiting-list-entries/").json()["items"] == []
    with use_business(acme):
        assert WaitingListEntry.objects.get().state == "offered"
