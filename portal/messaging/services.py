"""How is a message sent, and how does what became of it reach the business's own records?"""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.activity.verbs import Verb
from portal.clients.models import Client
from portal.messaging import suppressions
from portal.messaging.models import Kind, Message
from tenants import metrics
from tenants.context import current_business
from tenants.models import Channel, Delivery, DeliveryState, Lane
from tenants.prepared import question
from tenants.writing import write_together
from workers import queue

CODES = frozenset({Kind.SIGN_IN_CODE, Kind.CONFIRM_CODE})
VERBS = {
    DeliveryState.ACCEPTED: Verb.MESSAGE_ACCEPTED,
    DeliveryState.DEFERRED: Verb.MESSAGE_DEFERRED,
    DeliveryState.DELIVERED: Verb.MESSAGE_DELIVERED,
    DeliveryState.BOUNCED: Verb.MESSAGE_BOUNCED,
    DeliveryState.FAILED: Verb.MESSAGE_FAILED,
    DeliveryState.EXPIRED: Verb.MESSAGE_EXPIRED,
    DeliveryState.QUEUED: Verb.MESSAGE_POSTPONED,
    DeliveryState.UNCLEAR: Verb.MESSAGE_UNCLEAR,
}


def draft(
    kind: Kind,
    *,
    channel: Channel,
    to: str,
    now: datetime,
    client: Client | None = None,
    client_id: uuid.UUID | None = None,
    language: str = "",
    about_id: uuid.UUID | None = None,
    data: dict[str, Any] | None = None,
) -> Message:
    """Return a message, not yet saved, for callers that write several rows at once.

    An empty `to` is never sent, and neither is anything to a demo client.
    """
    if client and client.is_demo:
        to = ""
    return Message(
        kind=kind,
        channel=channel,
        to=to,
        client_id=client.pk if client else client_id,
        language=language,
        about_id=about_id,
        data=data or {},
        state=DeliveryState.QUEUED if to else DeliveryState.VOID,
        created_at=now,
    )


def delivery_for(
    message: Message, *, lane: Lane, due_at: datetime | None = None, deadline: datetime, now: datetime
) -> Delivery:
    """Return the debt that goes with a message, not yet saved. Nothing is sent before it is due, or after the deadline."""
    business = current_business()
    assert business, "a message is sent by a business"
    return Delivery(
        business_id=business.pk,
        message_id=message.pk,
        lane=lane,
        channel=message.channel,
        state=message.state,
        created_at=now,
        due_at=due_at or now,
        deadline_at=deadline,
        settled_at=None if message.to else now,
    )


@transaction.atomic
def post(message: Message, *, lane: Lane, due_at: datetime | None = None, deadline: datetime, now: datetime) -> Message:
    """Save a message and the debt to deliver it. Codes are rung for after commit; the sweeper hands out the rest."""
    message.save(force_insert=True)
    delivery = delivery_for(message, lane=lane, due_at=due_at, deadline=deadline, now=now)
    delivery.save(force_insert=True)
    if lane == Lane.CODES:
        transaction.on_commit(lambda: queue.ring(lane=lane, delivery_id=delivery.pk))
    return message


def find(key: uuid.UUID) -> Message | None:
    """Return a message by its key, or None when it was erased."""
    return next(iter(_of_key(key=key)), None)


@question
def _of_key(key: uuid.UUID) -> QuerySet[Message]:
    return Message.objects.real().filter(pk=key)


def record_outcome(
    message: Message,
    *,
    state: DeliveryState,
    reason: str,
    provider: str,
    at: datetime,
    actor: Entry.Actor = Entry.Actor.SYSTEM,
) -> None:
    """Write what became of a message on it and on the timeline, in the caller's transaction.

    A message that waits tells so once for each reason, not at every attempt.
    """
    waits = state in (DeliveryState.QUEUED, DeliveryState.UNCLEAR)
    if waits and (message.state, message.reason) == (state, reason):
        return
    is_code = message.kind in CODES
    _count(is_code, state)
    if state in (DeliveryState.BOUNCED, DeliveryState.FAILED):
        suppressions.note(message, reason=reason, provider=provider, at=at)
    more: dict[str, Any] = {name: value for name, value in {"provider": provider, "reason": reason}.items() if value}
    entry = activity.entry(
        Verb.CODE_SENT if is_code and state == DeliveryState.ACCEPTED else VERBS[state],
        at=at,
        client_id=message.client_id,
        subject_id=message.about_id or message.pk,
        actor=actor,
        channel=message.channel,
        kind=message.kind,
        **more,
    )
    write_together(entry, beside=[_raise(message, state, reason)])


def _raise(message: Message, state: DeliveryState, reason: str) -> tuple[str, list[Any]]:
    """Return what raises a message's state. Plain SQL, since every message sent comes by: Django's way costs five times as much."""
    sql = "UPDATE messaging_message SET state = %s, reason = %s WHERE id = %s AND state <= %s"
    return sql, [int(state), reason, message.pk, int(state)]


def _count(is_code: bool, state: DeliveryState) -> None:
    if is_code and state == DeliveryState.ACCEPTED:
        metrics.CODES_SENT.inc()
    if is_code and state == DeliveryState.DELIVERED:
        metrics.CODES_DELIVERED.inc()
