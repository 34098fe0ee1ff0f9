"""Does a queue go on when what lies in its queue makes no sense?"""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from dramatiq import Message

from portal.messaging import services as messaging
from portal.messaging.models import MessageKind
from tenants.context import use_business
from tenants.models import Channel, Delivery, DeliveryState, Queue
from tests.faults.plant import until

pytestmark = pytest.mark.faults

QUEUE, DEAD = "dramatiq:codes", "dramatiq:codes.XQ"


def bell(name: str, actor: str = "deliver", queue: str = "codes", **kwargs) -> bytes:
    """Return a message as dramatiq writes it, to be kept under a name of our own."""
    options = {"redis_message_id": name}
    return Message(queue_name=queue, actor_name=actor, args=(), kwargs=kwargs, options=options).encode()


POISON = {
    "bytes": b"\x00\xff\xfe",
    "bad-json": b'{"queue_name": "codes", "actor_name": ',
    "a-list": b"[1, 2, 3]",
    "null": b"null",
    "nothing": b"",
    "unknown-actor": bell("unknown-actor", actor="no_such_actor"),
    "elsewhere": bell("elsewhere", queue="elsewhere", delivery_id=str(uuid.uuid4())),
    "no-uuid": bell("no-uuid", delivery_id="' OR 1=1"),
    "no-id": bell("no-id"),
    "too-much": bell("too-much", delivery_id=str(uuid.uuid4()), business="acme"),
}


def test_what_makes_no_sense_becomes_a_dead_letter_and_the_lane_goes_on(plant, mailbox, redis_db, acme, client_of, ask):
    for name, poison in POISON.items():
        redis_db.hset(f"{QUEUE}.msgs", name, poison)
        redis_db.rpush(QUEUE, name)
    plant.start("codes-1", "sweep")
    ana = client_of(acme, "ana@example.com")
    ask(acme, ana)
    until(lambda: mailbox.has(ana), what="a code behind all the poison")

    # What is well formed but can't be done is tried again for a while first.
    until(lambda: redis_db.zcard(DEAD) == len(POISON), what="a dead letter for each")
    assert redis_db.llen(QUEUE) == 0
    assert plant.is_running("codes-1")


def test_a_delivery_that_can_not_be_done_holds_up_nobody_and_ends_at_its_deadline(plant, mailbox, acme, client_of, ask):
    now = timezone.now()
    with use_business(acme):
        # A code that is none: whoever tries to derive it raises.
        message = messaging.build_message(MessageKind.SIGN_IN_CODE, channel=Channel.EMAIL, to="bo@example.com", now=now)
        messaging.enqueue_message(message, queue=Queue.CODES, deadline=now + timedelta(seconds=4), now=now)
    impossible = Delivery.objects.get()
    plant.start("codes-1", "sweep")
    ana = client_of(acme, "ana@example.com")
    ask(acme, ana)
    until(lambda: mailbox.has(ana), what="a code")

    def ended() -> bool:
        impossible.refresh_from_db()
        return impossible.state == DeliveryState.EXPIRED

    # A worker that merely fell over would hold it for a whole lease, which is longer than anybody waits here.
    until(ended, what="the end of the impossible delivery")
    assert impossible.completed_at
