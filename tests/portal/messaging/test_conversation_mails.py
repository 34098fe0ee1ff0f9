"""Tests of the mails about new chat messages: one for each side, in time, and only while something is unread."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.access import services as access
from portal.clients.models import Client
from portal.messaging.conversations import services as conversations
from portal.messaging.models import ChatMessageSender, Message
from tenants.context import use_business
from tenants.models import DeliveryState
from tests.lock_contention import run_blocked
from tests.portal.messaging.messaging_steps import (
    ANA,
    count_pending_deliveries,
    create_listed_client,
    deliver_due,
    write_chat_message,
)
from workers.actors import delivery_jobs as actor


def test_messages_of_staff_within_five_minutes_are_one_mail(acme, ana, timo, outbox, now):
    with use_business(acme):
        for minute in (0, 2, 4):
            write_chat_message(ana, by=timo, at=now + timedelta(minutes=minute))

    assert deliver_due(outbox, timedelta(minutes=4, seconds=50)) == []
    [mail] = deliver_due(outbox)
    assert (mail["to"], mail["subject"]) == (ANA, "3 new messages from Acme Physiotherapy")
    assert count_pending_deliveries() == 0


def test_a_message_after_the_mail_was_sent_is_mailed_again(acme, ana, timo, outbox, now):
    with use_business(acme):
        write_chat_message(ana, by=timo, at=now)
    deliver_due(outbox)
    with use_business(acme):
        write_chat_message(ana, by=timo, at=now + timedelta(minutes=6))

    with time_machine.travel(now + timedelta(minutes=12), tick=False):
        outbox.deliver_due()

    assert len(outbox.sent(ANA)) == 2


def test_a_message_after_the_mail_was_sent_is_mailed_again_by_a_process_whose_clock_is_behind(
    acme, ana, timo, outbox, now
):
    with use_business(acme):
        write_chat_message(ana, by=timo, at=now)
    deliver_due(outbox)
    with use_business(acme):
        write_chat_message(ana, by=timo, at=now + timedelta(minutes=4))

    assert count_pending_deliveries() == 1


def test_a_pending_email_covers_messages_written_meanwhile_however_late(acme, ana, timo, now):
    with use_business(acme):
        for minute in (0, 6, 60):
            write_chat_message(ana, by=timo, at=now + timedelta(minutes=minute))

    assert count_pending_deliveries() == 1


def test_an_expired_mail_does_not_prevent_another(acme, ana, timo, now, settings):
    with use_business(acme):
        write_chat_message(ana, by=timo, at=now)
        write_chat_message(ana, by=timo, at=now + settings.NOTIFICATION_LIFETIME)
        assert count_pending_deliveries() == 1
        write_chat_message(ana, by=timo, at=now + settings.NOTIFICATION_LIFETIME + settings.CHAT_EMAIL_DELAY)

    assert count_pending_deliveries() == 2


def test_a_message_written_while_a_worker_withdraws_the_email_is_reported(acme, ana, timo, outbox, monkeypatch):
    compose, answers = actor.compose_message, []

    def compose_then_send_message(*args, **fields):
        answers.append(compose(*args, **fields))
        if len(answers) == 1:
            write_chat_message(ana, by=timo)
        return answers[-1]

    monkeypatch.setattr(actor, "compose_message", compose_then_send_message)
    with use_business(acme):
        write_chat_message(ana, by=timo)
        _mark_conversation_read(ana, timo)

    assert [mail["to"] for mail in deliver_due(outbox)] == [ANA]
    assert answers[0] is None
    assert count_pending_deliveries() == 0


def test_writing_while_a_worker_withdraws_the_email_waits_and_creates_another(committed_db, acme, ana, timo):
    with use_business(acme):
        write_chat_message(ana, by=timo)
        with run_blocked(lambda: write_chat_message(ana, by=timo), business=acme):
            Message.objects.update(state=DeliveryState.EXPIRED)

        assert Message.objects.filter(state=DeliveryState.QUEUED).count() == 1


def test_a_mail_to_a_former_address_does_not_prevent_one_to_the_new_address(acme, ana, timo, outbox, now):
    with use_business(acme):
        write_chat_message(ana, by=timo, at=now)
        _change_email_address(ana, timo)
        write_chat_message(ana, by=timo, at=now)

    assert [mail["to"] for mail in deliver_due(outbox)] == ["other@example.com"]


def test_the_email_says_who_wrote_but_not_what_and_links_to_the_portal(acme, ana, timo, outbox, portal_client):
    with use_business(acme):
        write_chat_message(ana, "The result is 123456, see http://evil.example", by=timo)

    [mail] = deliver_due(outbox)

    for part in (mail["subject"], mail["text"], mail["html"]):
        assert "123456" not in part
        assert "evil" not in part
    assert "http://acme.localhost:8000/messages/" in mail["text"]
    assert portal_client(acme).get("/messages/").headers["Location"] == "/sign-in/"


def test_the_mail_is_in_the_client_s_language(acme, ana, timo, outbox):
    with use_business(acme):
        Client.objects.filter(pk=ana.pk).update(language="de")
        ana.refresh_from_db()
        write_chat_message(ana, by=timo)

    assert deliver_due(outbox)[0]["subject"] == "Neue Nachricht von Acme Physiotherapy"


def _mark_conversation_read(client, timo):
    conversations.mark_read(client=client, reader=ChatMessageSender.CLIENT, now=timezone.now())


def _archive_recipient(client, timo):
    access.archive_client(client=client, now=timezone.now())


def _change_email_address(client, timo):
    client.contacts.update(value="other@example.com")


@pytest.mark.parametrize("change", [_mark_conversation_read, _archive_recipient, _change_email_address])
def test_the_mail_is_dropped_when_it_is_obsolete(acme, ana, timo, outbox, change):
    with use_business(acme):
        write_chat_message(ana, by=timo)
        change(ana, timo)

    assert [mail for mail in deliver_due(outbox) if "message" in mail["subject"]] == []
    with use_business(acme):
        message = Message.objects.get(kind="new-message")
        assert (message.state, message.reason) == (DeliveryState.EXPIRED, "withdrawn")


def test_a_client_without_a_mailbox_is_not_mailed(acme, timo, outbox):
    with use_business(acme):
        write_chat_message(create_listed_client(email=None, mobile="+447700900101"), by=timo)

    assert count_pending_deliveries() == 0


def test_messages_of_a_client_within_five_minutes_are_one_mail_to_each_member(acme, ana, timo, outbox, now):
    with use_business(acme):
        for minute in (0, 3):
            write_chat_message(ana, at=now + timedelta(minutes=minute))

    sent = deliver_due(outbox)

    assert {mail["to"] for mail in sent} == {"owner@acme.test", timo.person.email}
    assert len(sent) == 2
    assert sent[0]["subject"] == "New message: Ana Pereira · Acme Physiotherapy"
    assert "http://localhost:8000/console/acme/notifications/" in sent[0]["text"]


def test_no_mail_goes_to_staff_once_a_colleague_has_answered(acme, ana, timo, outbox):
    with use_business(acme):
        write_chat_message(ana)
        write_chat_message(ana, "Hello Ana", by=timo)

    assert {mail["to"] for mail in deliver_due(outbox)} == {ANA}
