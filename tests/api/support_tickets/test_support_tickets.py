"""Tests of support tickets in the business API."""

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.activity.models import Entry
from portal.signin_support.kinds import SupportEvent
from portal.signin_support.support_tickets import answer_ticket_as_support
from tenants import support_tickets
from tenants.context import use_business
from tenants.models import SupportTicket
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db

PATH = "support-tickets/"
STRANGER = "nora.neu@example.com"


def test_a_ticket_about_a_client_is_opened_once_answered_and_closed(api_program, acme, ana, now):
    program = api_program()
    opened = program.post(PATH, {"client": str(ana.pk)})
    assert opened.status_code == 201, opened.content
    ticket = opened.json()
    assert opened["Location"] == f"/api/v1/business/{PATH}{ticket['id']}/"
    assert ticket["client"] == {"id": str(ana.pk), "name": ana.name}
    assert (ticket["state"], ticket["typed"], ticket["answer"]) == ("open", "", "")
    again = program.post(PATH, {"client": str(ana.pk)})
    assert (again.status_code, again.json()) == (200, ticket)
    with use_business(acme):
        answer_ticket_as_support(ticket=SupportTicket.objects.get(), text="The provider is slow.", now=now)
    answered = program.get(f"{PATH}{ticket['id']}/").json()
    assert answered["answer"] == "The provider is slow."
    assert answered["answered_at"]
    closed = program.post(f"{PATH}{ticket['id']}/closure/", {"resolution": "signed-in"})
    assert (closed.status_code, closed.json()["state"], closed.json()["resolution"]) == (200, "closed", "signed-in")
    assert program.get(PATH).json() == {"items": [closed.json()], "next_cursor": None}
    with use_business(acme):
        events = Entry.objects.filter(client=ana, event_type__startswith="support.").order_by("at", "pk")
        assert [entry.event_type for entry in events] == [SupportEvent.TICKET_OPENED, SupportEvent.TICKET_CLOSED]
        assert all("(Sync)" in entry.actor_name for entry in events)
    twice = program.post(f"{PATH}{ticket['id']}/closure/", {"resolution": "signed-in"})
    assert (twice.status_code, twice.json()["code"]) == (409, "conflict")


def test_a_business_opens_no_more_tickets_than_it_may_in_a_day(api_program, acme, globex, ana, now, monkeypatch):
    monkeypatch.setattr(support_tickets, "MAX_TICKETS_PER_DAY", 2)
    program = api_program()
    for opened_at in (now, now - timedelta(hours=2), now - timedelta(days=2)):
        SupportTicket.objects.create(business=acme, subject="Older", snapshot={}, opened_at=opened_at)
    refused = [program.post(PATH, body) for body in ({"typed": STRANGER}, {"client": str(ana.pk)})]
    assert [answer.status_code for answer in refused] == [429, 429]
    assert 21 * 3600 < int(refused[0]["Retry-After"]) <= 22 * 3600
    assert api_program(business=globex).post(PATH, {"typed": STRANGER}).status_code == 201


def test_what_somebody_typed_stays_at_the_business(api_program):
    program = api_program()
    opened = program.post(PATH, {"typed": f" {STRANGER}"})
    assert opened.status_code == 201, opened.content
    assert (opened.json()["client"], opened.json()["typed"]) == (None, STRANGER)
    ticket = SupportTicket.objects.get()
    assert STRANGER not in f"{ticket.subject} {ticket.snapshot}"
    assert program.post(PATH, {"typed": STRANGER.upper()}).status_code == 200


def test_a_ticket_about_the_address_of_a_client_names_them(api_program, ana):
    answer = api_program().post(PATH, {"typed": "ana@example.com"})
    assert (answer.status_code, answer.json()["code"]) == (409, "client_exists")
    assert answer.json()["clients"] == [str(ana.pk)]
    assert not SupportTicket.objects.exists()


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "", "one_required"),
        ({"client": str(uuid4()), "typed": STRANGER}, "", "one_required"),
        ({"client": "ana"}, "client", "invalid"),
        ({"client": str(uuid4())}, "client", "not_found"),
        ({"typed": ""}, "typed", "blank"),
        ({"typed": "x" * 255}, "typed", "max_length"),
        ({"typed": STRANGER, "subject": "x"}, "subject", "unknown_field"),
    ],
)
def test_what_is_wrong_with_a_ticket_is_named(api_program, body, field, code):
    answer = api_program().post(PATH, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    assert not SupportTicket.objects.exists()


@pytest.mark.parametrize("resolution", ["", "by-support", "done"])
def test_a_ticket_is_closed_for_one_of_the_reasons_of_staff(api_program, ana, resolution):
    program = api_program()
    ticket = program.post(PATH, {"client": str(ana.pk)}).json()
    answer = program.post(f"{PATH}{ticket['id']}/closure/", {"resolution": resolution})
    assert [error["field"] for error in answer.json()["errors"]] == ["resolution"]
    assert program.get(f"{PATH}{ticket['id']}/").json()["state"] == "open"


def test_only_who_opened_a_ticket_closes_it(api_program, ana):
    ticket = api_program().post(PATH, {"client": str(ana.pk)}).json()
    answer = api_program().post(f"{PATH}{ticket['id']}/closure/", {"resolution": "resolved"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_author")
    assert SupportTicket.objects.get().state == "open"


def test_tickets_come_in_pages_and_by_state(api_program):
    program = api_program()
    ids = [program.post(PATH, {"typed": f"n{number}@example.com"}).json()["id"] for number in range(3)]
    program.post(f"{PATH}{ids[1]}/closure/", {"resolution": "resolved"})
    first = program.get(f"{PATH}?limit=2").json()
    rest = program.get(f"{PATH}?limit=2&cursor={first['next_cursor']}").json()
    assert [ticket["id"] for ticket in first["items"] + rest["items"]] == ids[::-1]
    assert [ticket["id"] for ticket in program.get(f"{PATH}?state=closed").json()["items"]] == [ids[1]]
    assert program.get(f"{PATH}?state=gone").status_code == 422


def test_a_ticket_that_is_opened_again_under_its_key_is_answered_alike(api_program):
    program, key = api_program(), {"Idempotency-Key": "ticket-1"}
    first, second = (program.post(PATH, {"typed": STRANGER}, **key) for _time in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert SupportTicket.objects.count() == 1


def test_another_business_s_tickets_and_clients_are_not_found(api_program, globex):
    with use_business(globex):
        stranger = ClientFactory(id=uuid4(), name="Gus", email="gus@example.com")
    theirs = api_program(business=globex).post(PATH, {"client": str(stranger.pk)}).json()
    program = api_program()
    assert program.get(PATH).json()["items"] == []
    assert program.get(f"{PATH}{theirs['id']}/").status_code == 404
    assert program.post(f"{PATH}{theirs['id']}/closure/", {"resolution": "resolved"}).status_code == 404
    assert program.post(PATH, {"client": str(stranger.pk)}).json()["errors"][0]["code"] == "not_found"


def test_opening_a_ticket_needs_the_scope_to_send(api_program, ana):
    program = api_program(["sign-in-help:read"])
    assert program.get(PATH).status_code == 200
    assert program.post(PATH, {"client": str(ana.pk)}).json()["code"] == "forbidden"
