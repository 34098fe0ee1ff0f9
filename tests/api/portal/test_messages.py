"""Tests of the conversation in the client API."""

import pytest

from portal.messaging.conversations.services import send_chat_message
from portal.messaging.models import ChatMessage
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.api.portal.portal_programs import start_portal_program
from tests.factories import ClientFactory, create_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(acme):
    """A member of Acme's staff."""
    person = create_member(acme, "staff").person
    return StaffActor(person.pk, "Sam", None)


def test_client_and_staff_write_to_each_other(acme, ana, staff, now):
    program = start_portal_program(acme).sign_in()
    sent = program.post("messages/", {"body": "Hello\u200b\nthere "})
    with use_business(acme):
        send_chat_message(client=ana, body="Good morning", staff=staff, now=now.replace(year=now.year + 1))
    newest, oldest = program.get("messages/").json()["items"]

    assert sent.status_code == 201
    assert (oldest["body"], oldest["sender"], oldest["sender_name"]) == ("Hello\nthere", "client", "")
    assert (newest["body"], newest["sender"], newest["sender_name"]) == ("Good morning", "staff", "Sam")


def test_messages_are_read_when_the_program_says_so(acme, ana, staff, now):
    program = start_portal_program(acme).sign_in()
    with use_business(acme):
        send_chat_message(client=ana, body="Good morning", staff=staff, now=now)
    program.get("messages/")
    assert program.get("messages/").json()["items"][0]["read_at"] is None

    assert program.post("messages/reads/", None).status_code == 204
    assert program.get("messages/").json()["items"][0]["read_at"]


def test_a_message_sent_again_with_its_key_is_one(acme, ana):
    program = start_portal_program(acme).sign_in()
    answers = [program.post("messages/", {"body": "Hello"}, **{"Idempotency-Key": "a"}) for _time in range(2)]

    assert answers[0].json() == answers[1].json()
    with use_business(acme):
        assert ChatMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "body", "required"),
        ({"body": " \u200b"}, "body", "blank"),
        ({"body": "x" * 4001}, "body", "max_length"),
        ({"body": "Hello", "sender": "staff"}, "sender", "read_only_field"),
    ],
)
def test_a_wrong_message_is_named(acme, ana, body, field, code):
    answer = start_portal_program(acme).sign_in().post("messages/", body)

    assert answer.status_code == 422
    assert (field, code) in [(error["field"], error["code"]) for error in answer.json()["errors"]]


def test_a_client_who_writes_too_much_is_told_when_to_go_on(acme, ana, settings):
    settings.CHAT_MESSAGES_PER_HOUR = 1
    program = start_portal_program(acme).sign_in()
    program.post("messages/", {"body": "Hello"})
    refused = program.post("messages/", {"body": "Hello"})

    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert 3500 <= int(refused["Retry-After"]) <= 3600


def test_pages_of_messages_follow_one_another_and_hold_nobody_else_s(acme, ana, now):
    with use_business(acme):
        other = ClientFactory(name="Bo", email="bo@example.com")
        for number in range(5):
            send_chat_message(client=ana, body=str(number), now=now)
        send_chat_message(client=other, body="Mine", now=now)
    program = start_portal_program(acme).sign_in()
    bodies, cursor = [], ""
    while cursor is not None:
        page = program.get(f"messages/?limit=2&cursor={cursor}" if cursor else "messages/?limit=2").json()
        bodies += [message["body"] for message in page["items"]]
        cursor = page["next_cursor"]

    assert sorted(bodies) == ["0", "1", "2", "3", "4"]
