"""Tests of mails and texts to clients in the business API."""

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.messaging import services
from portal.messaging.models import Message
from tenants.context import use_business
from tenants.models import Channel, DeliveryState, Queue
from tests.captured_statements import capture_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def post_message(acme, ana, now):
    """Return a function that queues a message to Ana."""

    def post(kind="new-message", *, to="ana@example.com", channel=Channel.EMAIL, business=acme, client=ana, **columns):
        with use_business(business):
            message = services.build_message(kind, channel=channel, to=to, client=client, language="de", now=now)
            services.enqueue_message(message, queue=Queue.NOTICES, deadline=now + timedelta(hours=1), now=now)
            Message.objects.filter(pk=message.pk).update(**columns)
            return message

    return post


def test_a_message_is_shown_with_what_became_of_it_and_why(api_program, post_message, ana):
    message = post_message(state=DeliveryState.BOUNCED, reason="mailbox-full")
    program = api_program()
    [shown] = program.get("messages/").json()["items"]
    assert shown == {
        "id": str(message.pk),
        "kind": "new-message",
        "channel": "email",
        "to": "ana@example.com",
        "client": {"id": str(ana.pk), "name": ana.name},
        "language": "de",
        "state": "bounced",
        "reason": "mailbox-full",
        "reason_text": shown["reason_text"],
        "next_step": shown["next_step"],
        "created_at": shown["created_at"],
    }
    assert shown["reason_text"]
    assert shown["next_step"]
    assert program.get(f"messages/{message.pk}/").json() == shown


def test_messages_are_filtered(api_program, post_message, ana):
    mail = post_message(state=DeliveryState.DELIVERED)
    text = post_message("sign-in-code", channel=Channel.SMS, to="+447700900101", client=None)
    program = api_program()

    def list_ids(query):
        return {message["id"] for message in program.get(f"messages/?{query}").json()["items"]}

    assert list_ids("") == {str(mail.pk), str(text.pk)}
    assert list_ids(f"client={ana.pk}") == list_ids("state=delivered") == list_ids("kind=new-message") == {str(mail.pk)}
    assert list_ids("channel=sms") == list_ids("state=queued") == {str(text.pk)}
    assert program.get("messages/?state=void").status_code == 422
    assert program.get("messages/?channel=fax").status_code == 422


def test_mails_to_staff_and_to_nobody_are_not_among_the_clients_messages(api_program, post_message):
    others = [post_message("staff-notification", client=None), post_message("sign-in-code", to="", client=None)]
    program = api_program()
    assert program.get("messages/").json()["items"] == []
    assert [program.get(f"messages/{other.pk}/").status_code for other in others] == [404, 404]


def test_another_business_s_message_is_not_found(api_program, post_message, globex):
    message = post_message(business=globex, client=None)
    assert api_program().get(f"messages/{message.pk}/").json()["code"] == "not_found"
    assert api_program().get("messages/").json()["items"] == []


def test_no_code_is_in_a_message(api_program, sign_in_client, acme, ana, outbox):
    sign_in_client(acme, "ana@example.com")
    [message] = api_program().get("messages/?kind=sign-in-code").json()["items"]
    assert not {"body", "text", "code", "data", "subject_id"} & set(message)


def test_messages_need_their_scope(api_program, post_message):
    message = post_message()
    assert api_program(["messages:read"]).get(f"messages/{message.pk}/").status_code == 200
    assert api_program(["messages:send"]).get("messages/").status_code == 403
    assert api_program(["messages:read"]).get(f"messages/{uuid4()}/").status_code == 404


def test_messages_take_six_statements_at_most(api_program, post_message):
    for _message in range(5):
        post_message()
    program = api_program()
    program.get("messages/")
    with capture_statements() as reading:
        assert program.get("messages/").status_code == 200
    assert len(reading.queries) <= 6, reading.queries
