"""Tests of conversations with clients in the business API."""

import pytest

from portal.clients.models import ClientStatus
from portal.messaging.conversations import services
from portal.messaging.models import ChatMessage, Message
from tenants.context import use_business
from tests import factories
from tests.captured_statements import capture_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def receive(acme, ana, now):
    """Return a function by which a client writes to Acme."""

    def receive(body, *, client=ana, business=acme):
        with use_business(business):
            return services.send_chat_message(client=client, body=body, now=now)

    return receive


def test_a_message_to_a_client_is_in_the_conversation_and_a_mail_tells_them(api_program, acme, ana):
    program, path = api_program(), f"conversations/{ana.pk}/messages/"
    answer = program.post(path, {"body": "Your results are here.\n\u200bCall us."})
    assert answer.status_code == 201, answer.content
    sent = answer.json()
    assert (sent["sender"], sent["body"], sent["read_at"]) == ("staff", "Your results are here.\nCall us.", None)
    assert "Sync" not in sent["person_name"]
    assert program.get(path).json() == {"items": [sent], "next_cursor": None}
    with use_business(acme):
        assert Message.objects.filter(kind="new-message", to="ana@example.com").exists()


def test_conversations_are_listed_with_the_unread_first(api_program, acme, ana, receive):
    with use_business(acme):
        other = factories.ClientFactory(name="Bo")
    receive("Hello?")
    program = api_program()
    program.post(f"conversations/{other.pk}/messages/", {"body": "Welcome."})
    first, second = program.get("conversations/").json()["items"]
    assert (first["client"]["name"], first["is_unread"], first["latest_message"]["body"]) == (ana.name, True, "Hello?")
    assert (second["client"]["name"], second["is_unread"]) == ("Bo", False)
    assert [one["client"]["name"] for one in program.get("conversations/?scope=mine").json()["items"]] == ["Bo"]
    assert [one["client"]["name"] for one in program.get("conversations/?search=hello").json()["items"]] == [ana.name]


def test_reading_marks_nothing_until_it_is_marked(api_program, acme, ana, receive):
    receive("Hello?")
    program = api_program()
    assert program.get(f"conversations/{ana.pk}/messages/").json()["items"][0]["read_at"] is None
    assert program.get("conversations/").json()["items"][0]["is_unread"]
    assert program.post(f"conversations/{ana.pk}/read-status/", None).status_code == 204
    assert not program.get("conversations/").json()["items"][0]["is_unread"]


def test_every_message_is_on_one_page_of_the_conversation(api_program, ana, receive):
    for number in range(5):
        receive(f"{number}")
    program, found, start = api_program(), [], f"conversations/{ana.pk}/messages/?limit=2"
    path = start
    while path:
        page = program.get(path).json()
        found += [message["body"] for message in page["items"]]
        path = page["next_cursor"] and f"{start}&cursor={page['next_cursor']}"
    assert sorted(found) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(("body", "code"), [(" \u200b", "blank"), ("x" * 4001, "max_length"), (None, "null")])
def test_a_message_without_a_readable_text_is_refused(api_program, ana, body, code):
    [error] = api_program().post(f"conversations/{ana.pk}/messages/", {"body": body}).json()["errors"]
    assert (error["field"], error["code"]) == ("body", code)


def test_nothing_is_written_to_a_client_who_could_not_read_it(api_program, acme, ana):
    with use_business(acme):
        type(ana).objects.filter(pk=ana.pk).update(status=ClientStatus.BLOCKED)
    answer = api_program().post(f"conversations/{ana.pk}/messages/", {"body": "Hello"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    with use_business(acme):
        assert not ChatMessage.objects.exists()


def test_another_business_s_conversation_is_not_found(api_program, globex, receive):
    with use_business(globex):
        other = factories.ClientFactory(id="00000000-0000-4000-8000-00000000aaaa", name="Gil")
    receive("Hi", client=other, business=globex)
    program, path = api_program(), f"conversations/{other.pk}/"
    for answer in (
        program.get(f"{path}messages/"),
        program.post(f"{path}messages/", {"body": "Hi"}),
        program.post(f"{path}read-status/", None),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert program.get("conversations/").json()["items"] == []


def test_writing_needs_the_scope_to_send(api_program, ana):
    program, path = api_program(["messages:read"]), f"conversations/{ana.pk}/"
    assert program.get("conversations/").status_code == 200
    assert program.post(f"{path}messages/", {"body": "Hi"}).json()["code"] == "forbidden"
    assert program.post(f"{path}read-status/", None).json()["code"] == "forbidden"
    reader = api_program(["messages:send"], role="read-only")
    assert reader.post(f"{path}messages/", {"body": "Hi"}).json()["code"] == "forbidden"


def test_conversations_take_few_statements(api_program, acme, ana, receive):
    receive("Hello?")
    program = api_program()
    program.get("conversations/")
    for path in ("conversations/", f"conversations/{ana.pk}/messages/"):
        with capture_statements() as reading:
            assert program.get(path).status_code == 200
        assert len(reading.queries) <= 6, reading.queries
    with capture_statements() as marking:
        assert program.post(f"conversations/{ana.pk}/read-status/", None).status_code == 204
    assert len(marking.queries) <= 8, marking.queries
