"""Invalid messages in the broker and failing deliveries delay no other delivery."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from dramatiq import Message

from portal.access.kinds import AccessMessageKind
from portal.messaging import services as messaging
from tenants.context import use_business
from tenants.models import Channel, Delivery, DeliveryState, Queue
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.faults

QUEUE, DEAD_LETTERS = "dramatiq:codes", "dramatiq:codes.XQ"


def encoded_message(name: str, actor: str = "deliver", queue: str = "codes", **kwargs) -> bytes:
    """Return a message encoded by dramatiq, with a given id."""
    options = {"redis_message_id": name}
    return Message(queue_name=queue, actor_name=actor, args=(), kwargs=kwargs, options=options).encode()


INVALID_MESSAGES = {
    "bytes": b"\x00\xff\xfe",
    "bad-json": b'{"queue_name": "codes", "actor_name": ',
    "a-list": b"[1, 2, 3]",
    "null": b"null",
    "nothing": b"",
    "unknown-actor": encoded_message("unknown-actor", actor="no_such_actor"),
    "elsewhere": encoded_message("elsewhere", queue="elsewhere", delivery_id=str(uuid.uuid4())),
    "no-uuid": encoded_message("no-uuid", delivery_id="' OR 1=1"),
    "no-id": encoded_message("no-id"),
    "too-much": encoded_message("too-much", delivery_id=str(uuid.uuid4()), business="acme"),
}


def test_an_invalid_message_becomes_a_dead_letter_and_the_queue_goes_on(
    processes, accepted_mails, redis_db, acme, create_client_with_email, request_code_directly
):
    for name, data in INVALID_MESSAGES.items():
        redis_db.hset(f"{QUEUE}.msgs", name, data)
        redis_db.rpush(QUEUE, name)
    processes.start("codes-1", "sweep")
    ana = create_client_with_email(acme, "ana@example.com")
    request_code_directly(acme, ana)
    wait_until(lambda: accepted_mails.has_recipient(ana), what="a code behind all the poison")

    # What is well formed but can't be done is tried again for a while first.
    wait_until(lambda: redis_db.zcard(DEAD_LETTERS) == len(INVALID_MESSAGES), what="a dead letter for each")
    assert redis_db.llen(QUEUE) == 0
    assert processes.is_running("codes-1")


def test_a_delivery_that_always_fails_delays_no_other_and_ends_after_three_attempts(
    processes, accepted_mails, acme, create_client_with_email, request_code_directly
):
    now = timezone.now()
    with use_business(acme):
        # A code message without a challenge: deriving its code raises.
        message = messaging.build_message(
            AccessMessageKind.SIGN_IN_CODE, channel=Channel.EMAIL, to="bo@example.com", now=now
        )
        messaging.enqueue_message(message, queue=Queue.CODES, deadline=now + timedelta(minutes=10), now=now)
    impossible = Delivery.objects.get()
    processes.start("codes-1", "sweep")
    ana = create_client_with_email(acme, "ana@example.com")
    request_code_directly(acme, ana)
    wait_until(lambda: accepted_mails.has_recipient(ana), what="a code")

    def has_failed() -> bool:
        impossible.refresh_from_db()
        return impossible.state == DeliveryState.FAILED

    # A worker that merely crashed would keep the lease longer than this test waits.
    wait_until(has_failed, what="the end of the impossible delivery")
    assert impossible.completed_at
