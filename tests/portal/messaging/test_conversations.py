"""Tests of sending and reading chat messages, and of the inbox's order, search and index."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.access import services as access
from portal.activity.models import Entry
from portal.clients.models import Client
from portal.messaging.conversations import services as conversations
from portal.messaging.conversations.services import ChatMessageRejected, ChatRateLimitExceeded
from portal.messaging.models import ChatMessage, ChatMessageSender, Notification
from tenants.context import use_business
from tenants.models import Delivery
from tests import factories
from tests.portal.messaging.messaging_steps import (
    build_staff_actor,
    create_listed_client,
    deliver_due,
    write_chat_message,
)


def test_a_message_is_stored_as_text_and_recorded_on_the_timeline(acme, ana, timo):
    with use_business(acme):
        write_chat_message(ana, "  <b>Hello</b>\r\nhttp://example.com \x07 ")
        write_chat_message(ana, "Good day", by=timo)
        mine, theirs = ChatMessage.objects.order_by("written_at")
        entries = Entry.objects.filter(event_type="messaging.chat-message-sent").order_by("at")

        assert mine.body == "<b>Hello</b>\nhttp://example.com"
        assert (theirs.sender, theirs.person_id, theirs.person_name) == (
            ChatMessageSender.STAFF,
            timo.person_id,
            timo.person.name,
        )
        assert [(entry.actor, entry.actor_name, entry.ip) for entry in entries] == [
            ("client", "", None),
            ("staff", timo.person.name, "127.0.0.1"),
        ]
        assert "Hello" not in str([entry.data for entry in entries])


@pytest.mark.parametrize("body", ["", "   \n\t ", "\x00\x07", "\u200b\u200e", "x" * 4001])
def test_empty_and_overlong_messages_are_refused(acme, ana, body):
    with use_business(acme):
        with pytest.raises(ChatMessageRejected):
            write_chat_message(ana, body)

        assert not ChatMessage.objects.exists()


@pytest.mark.parametrize("action", [access.archive_client, access.block_client])
def test_archived_clients_cannot_send_or_receive_messages(acme, ana, timo, action, now):
    with use_business(acme):
        action(client=ana, now=now)
        for by in (None, timo):
            with pytest.raises(ChatMessageRejected):
                write_chat_message(ana, by=by)

        assert not ChatMessage.objects.exists()


def test_messages_of_clients_are_rate_limited_per_hour_and_day(acme, ana, now, settings):
    settings.CHAT_MESSAGES_PER_HOUR, settings.CHAT_MESSAGES_PER_DAY = 2, 3
    with use_business(acme):
        for _time in range(2):
            write_chat_message(ana, at=now)
        with pytest.raises(ChatRateLimitExceeded) as refusal:
            write_chat_message(ana, at=now + timedelta(minutes=59))
        assert refusal.value.retry_at == now + timedelta(hours=1)
        write_chat_message(ana, at=now + timedelta(minutes=61))
        with pytest.raises(ChatRateLimitExceeded):
            write_chat_message(ana, at=now + timedelta(hours=20))
        write_chat_message(ana, at=now + timedelta(hours=25))

        assert ChatMessage.objects.count() == 4


def test_messages_of_staff_are_not_rate_limited(acme, ana, timo, settings):
    settings.CHAT_MESSAGES_PER_HOUR = 1
    with use_business(acme):
        for _time in range(3):
            write_chat_message(ana, by=timo)

        assert ChatMessage.objects.count() == 3


def test_a_demo_client_s_messages_notify_nobody(acme, timo, outbox):
    with use_business(acme):
        demo = create_listed_client(name="Robin Demo", email="robin@demo.invalid", is_demo=True)
        write_chat_message(demo)
        write_chat_message(demo, by=timo)

        assert not Notification.objects.exists()
        assert list(conversations.list_conversations()) == []
    assert deliver_due(outbox) == []


def test_a_reply_marks_the_conversation_read(acme, ana, timo):
    with use_business(acme):
        write_chat_message(ana)
        write_chat_message(ana, by=timo)

        assert ChatMessage.objects.get(sender=ChatMessageSender.CLIENT).read_at
        assert ChatMessage.objects.get(sender=ChatMessageSender.STAFF).read_at is None


def test_the_inbox_lists_each_conversation_once_unanswered_ones_first(acme, ana, timo, now):
    with use_business(acme):
        bo, cleo = create_listed_client("Bo Lind", "bo@example.com"), create_listed_client("Cleo", "cleo@example.com")
        write_chat_message(bo, at=now)
        write_chat_message(ana, at=now + timedelta(minutes=1))
        write_chat_message(ana, "Second", at=now + timedelta(minutes=2))
        write_chat_message(cleo, at=now + timedelta(minutes=3))
        write_chat_message(cleo, "Answer", by=timo, at=now + timedelta(minutes=4))

        found = [(line.client.name, line.body, line.is_unread) for line in conversations.list_conversations()]

    assert found == [("Ana Pereira", "Second", True), ("Bo Lind", "Hello", True), ("Cleo", "Answer", False)]


def test_the_inbox_is_searched_by_name_address_and_text(acme, ana, timo):
    with use_business(acme):
        bo = create_listed_client("Bo Lind", "bo@example.org")
        write_chat_message(bo, "The knee hurts (50%)")
        write_chat_message(bo, "Better now", by=timo)
        write_chat_message(ana)

        def list_inbox_names(search):
            return [line.client.name for line in conversations.list_conversations(search=search)]

        assert list_inbox_names("lind") == ["Bo Lind"]
        assert list_inbox_names("bo@example.org") == ["Bo Lind"]
        assert list_inbox_names("KNEE better") == ["Bo Lind"]
        assert list_inbox_names("(50%)") == ["Bo Lind"]
        assert list_inbox_names(".*") == []
        assert list_inbox_names("knee lisbon") == []


def test_filter_mine_lists_conversations_the_member_wrote_in(acme, ana, timo):
    other = factories.create_member(acme, "staff")
    with use_business(acme):
        write_chat_message(ana, by=timo)
        write_chat_message(ana, by=other)
        write_chat_message(create_listed_client("Bo Lind", "bo@example.com"), by=other)

        assert [line.client.name for line in conversations.list_conversations(person_id=timo.person_id)] == [
            "Ana Pereira"
        ]
        assert len(conversations.list_conversations(person_id=build_staff_actor(other).person_id)) == 2


def test_the_inbox_is_read_from_its_index(acme, ana):
    from django.db import connection

    with use_business(acme), connection.cursor() as cursor:
        clients = Client.objects.bulk_create(Client(name=f"C {n}", created_at=timezone.now()) for n in range(2000))
        ChatMessage.objects.bulk_create(
            ChatMessage(client=client, sender="client", body="x", written_at=timezone.now()) for client in clients
        )
        cursor.execute("ANALYZE messaging_chatmessage")
        cursor.execute("ANALYZE clients_client")
        plan = conversations.list_conversations()[:25].explain()

    assert "chat_message_inbox" in plan, plan


def test_two_businesses_with_one_client_s_key_share_no_conversation(acme, globex, ana):
    with use_business(globex):
        existing = create_listed_client()
    assert existing.pk == ana.pk

    with use_business(acme):
        write_chat_message(ana, "For Acme")

    with use_business(globex):
        assert not ChatMessage.objects.exists()
        assert not Notification.objects.exists()
    assert set(Delivery.objects.values_list("business", flat=True)) == {acme.pk}
