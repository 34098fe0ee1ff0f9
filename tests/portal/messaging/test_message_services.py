"""Tests of enqueuing messages and of recording what became of them."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from portal.access.kinds import AccessMessageKind
from portal.activity.models import Entry
from portal.messaging import services as messaging
from portal.messaging.models import Message
from tenants.context import use_business
from tenants.models import Channel, Delivery, DeliveryState, Queue
from workers import queue


@pytest.fixture
def enqueued_deliveries(monkeypatch) -> list:
    """The queues of enqueued deliveries, and whether a transaction was still open."""
    enqueued_calls = []
    monkeypatch.setattr(
        queue, "enqueue_delivery", lambda **fields: enqueued_calls.append((fields["queue"], connection.in_atomic_block))
    )
    return enqueued_calls


def build_test_message(to: str = "ana@example.com") -> Message:
    return messaging.build_message(
        AccessMessageKind.SIGN_IN_CODE, channel=Channel.EMAIL, to=to, data={"generation": 0}, now=timezone.now()
    )


def enqueue_test_message(queue: Queue) -> Message:
    now = timezone.now()
    return messaging.enqueue_message(build_test_message(), queue=queue, deadline=now + timedelta(minutes=10), now=now)


def test_a_message_and_its_delivery_are_written_together(acme, enqueued_deliveries):
    with use_business(acme), transaction.atomic():
        enqueue_test_message(Queue.NOTICES)
        transaction.set_rollback(True)

    with use_business(acme):
        assert not Message.objects.exists()
    assert not Delivery.objects.exists()


def test_a_code_is_enqueued_once_it_is_committed(acme, enqueued_deliveries, django_capture_on_commit_callbacks):
    with use_business(acme), django_capture_on_commit_callbacks() as callbacks:
        enqueue_test_message(Queue.CODES)

    assert enqueued_deliveries == []
    for callback in callbacks:
        callback()
    assert [queue for queue, _ in enqueued_deliveries] == [Queue.CODES]


@pytest.mark.parametrize("queue", [Queue.NOTICES, Queue.BULK])
def test_a_message_without_a_code_is_left_to_the_sweeper(
    acme, enqueued_deliveries, queue, django_capture_on_commit_callbacks
):
    with use_business(acme), django_capture_on_commit_callbacks(execute=True):
        enqueue_test_message(queue)

    assert enqueued_deliveries == []


def test_a_delivery_holds_no_address_and_no_code(acme, enqueued_deliveries):
    with use_business(acme):
        enqueue_test_message(Queue.CODES)

    assert "ana" not in str(Delivery.objects.values().get())


def test_a_message_without_a_recipient_is_completed_at_once(acme):
    now = timezone.now()

    with use_business(acme):
        message = build_test_message(to="")
        delivery = messaging.build_delivery(message, queue=Queue.CODES, deadline=now, now=now)

    assert (message.state, delivery.state, delivery.completed_at) == (DeliveryState.VOID, DeliveryState.VOID, now)


def test_an_outcome_is_recorded_on_the_message_and_the_timeline_without_the_address(acme, enqueued_deliveries):
    with use_business(acme):
        message = enqueue_test_message(Queue.CODES)
        messaging.record_outcome(
            message, state=DeliveryState.BOUNCED, reason="mailbox-full", provider="sendgrid", at=message.created_at
        )
        message.refresh_from_db()
        entry = Entry.objects.get()

    assert (message.state, message.reason) == (DeliveryState.BOUNCED, "mailbox-full")
    assert entry.event_type == "messaging.bounced"
    assert entry.data == {"channel": "email", "kind": "sign-in-code", "provider": "sendgrid", "reason": "mailbox-full"}


def test_an_accepted_code_is_recorded_as_sent(acme, enqueued_deliveries):
    with use_business(acme):
        message = enqueue_test_message(Queue.CODES)
        messaging.record_outcome(
            message, state=DeliveryState.ACCEPTED, reason="", provider="demo", at=message.created_at
        )

        assert Entry.objects.get().event_type == "access.code-sent"


def test_a_late_outcome_never_lowers_the_state(acme, enqueued_deliveries):
    with use_business(acme):
        message = enqueue_test_message(Queue.CODES)
        for state in (DeliveryState.DELIVERED, DeliveryState.ACCEPTED):
            messaging.record_outcome(message, state=state, reason="", provider="demo", at=message.created_at)
        message.refresh_from_db()

    assert message.state == DeliveryState.DELIVERED
