"""How is a message sent, and how does what became of it reach the business's own records?"""

import uuid
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients.models import Client
from portal.messaging import suppressions
from portal.messaging.models import Kind, Message
from tenants import metrics
from tenants.combined_writes import UpdateStatement, insert_all, update_then_insert
from tenants.compiled_queries import compiled_query
from tenants.context import current_business
from tenants.models import Channel, Delivery, DeliveryState, Queue
from workers import queue as task_queue

CODES = frozenset({Kind.SIGN_IN_CODE, Kind.CONFIRM_CODE})
VERBS = {
    DeliveryState.ACCEPTED: EventType.MESSAGE_ACCEPTED,
    DeliveryState.DEFERRED: EventType.MESSAGE_DEFERRED,
    DeliveryState.DELIVERED: EventType.MESSAGE_DELIVERED,
    DeliveryState.BOUNCED: EventType.MESSAGE_BOUNCED,
    DeliveryState.FAILED: EventType.MESSAGE_FAILED,
    DeliveryState.EXPIRED: EventType.MESSAGE_EXPIRED,
    DeliveryState.QUEUED: EventType.MESSAGE_POSTPONED,
    DeliveryState.UNCLEAR: EventType.MESSAGE_UNCLEAR,
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
    message: Message, *, queue: Queue, due_at: datetime | None = None, deadline: datetime, now: datetime
) -> Delivery:
    """Return the debt that goes with a message, not yet saved. Nothing is sent before it is due, or after the deadline."""
    business = current_business()
    assert business, "a message is sent by a business"
    return Delivery(
        business_id=business.pk,
        message_id=message.pk,
        queue=queue,
        channel=message.channel,
        state=message.state,
        created_at=now,
        due_at=due_at or now,
        deadline_at=deadline,
        completed_at=None if message.to else now,
    )


@transaction.atomic
def post(
    message: Message, *, queue: Queue, due_at: datetime | None = None, deadline: datetime, now: datetime
) -> Message:
    """Save a message and the debt to deliver it. Codes are rung for after commit; the sweeper hands out the rest."""
    message.save(force_insert=True)
    delivery = delivery_for(message, queue=queue, due_at=due_at, deadline=deadline, now=now)
    delivery.save(force_insert=True)
    if queue == Queue.CODES:
        transaction.on_commit(lambda: task_queue.enqueue_delivery(queue=queue, delivery_id=delivery.pk))
    return message


def lock_queued(kind: Kind, *, now: datetime) -> QuerySet[Message]:
    """Return the messages of a kind that wait to be sent, and will tell of what the caller writes; hold those it reads.

    Their own state says that they wait: by the clock of whoever asks, one that a worker sent could still be on its way.
    A worker that has nothing left to tell waits for whoever holds its message and looks again (`workers.actors.deliveries`).
    One that was given up unnoticed is returned for as long as it could have been sent.
    """
    longest = settings.CHAT_EMAIL_DELAY + settings.NOTIFICATION_LIFETIME
    waiting = Message.objects.filter(kind=kind, state=DeliveryState.QUEUED, created_at__gt=now - longest)
    return waiting.select_for_update(no_key=True)


def find(key: uuid.UUID) -> Message | None:
    """Return a message by its key, or None when it was erased."""
    return next(iter(_of_key(key=key)), None)


@compiled_query
def _of_key(key: uuid.UUID) -> QuerySet[Message]:
    return Message.objects.exclude_demo().filter(pk=key)


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
    if not _is_told(message, state, reason):
        entry = _outcome(message, state=state, reason=reason, provider=provider, at=at, actor=actor)
        insert_all(entry, extra_updates=[_raise(message, state, reason)])
        _follow_up(message, state=state, reason=reason, provider=provider, at=at)


def record_last_word(
    message: Message, *, provided: UpdateStatement, state: DeliveryState, reason: str, provider: str, at: datetime
) -> bool:
    """Write what became of a message if the change `provided` meets a row, along with that, in one statement.

    False: it met none, and nothing was written.
    """
    told: dict[str, Any] = {"state": state, "reason": reason, "provider": provider, "at": at}
    lines = [] if _is_told(message, state, reason) else [_outcome(message, actor=Entry.Actor.SYSTEM, **told)]
    with transaction.atomic() if state == DeliveryState.FAILED else nullcontext():
        if written := update_then_insert(provided, *lines, extra_updates=[_raise(message, state, reason)]):
            _follow_up(message, **told)
    return written


def _is_told(message: Message, state: DeliveryState, reason: str) -> bool:
    waits = state in (DeliveryState.QUEUED, DeliveryState.UNCLEAR)
    return waits and (message.state, message.reason) == (state, reason)


def _outcome(
    message: Message, *, state: DeliveryState, reason: str, provider: str, at: datetime, actor: Entry.Actor
) -> Entry:
    """Return the line that says what became of a message, not yet saved."""
    more: dict[str, Any] = {name: value for name, value in {"provider": provider, "reason": reason}.items() if value}
    return activity.build_entry(
        EventType.CODE_SENT if message.kind in CODES and state == DeliveryState.ACCEPTED else VERBS[state],
        at=at,
        client_id=message.client_id,
        subject_id=message.about_id or message.pk,
        actor=actor,
        channel=message.channel,
        kind=message.kind,
        **more,
    )


def _follow_up(message: Message, *, state: DeliveryState, reason: str, provider: str, at: datetime) -> None:
    """Count codes, and remember an address that a provider refuses from now on."""
    if message.kind in CODES and state == DeliveryState.ACCEPTED:
        metrics.CODES_SENT.inc()
    if message.kind in CODES and state == DeliveryState.DELIVERED:
        metrics.CODES_DELIVERED.inc()
    if state in (DeliveryState.BOUNCED, DeliveryState.FAILED):
        suppressions.note(message, reason=reason, provider=provider, at=at)


def _raise(message: Message, state: DeliveryState, reason: str) -> UpdateStatement:
    """Return what raises a message's state. Plain SQL, since every message sent comes by: Django's way costs five times as much."""
    sql = "UPDATE messaging_message SET state = %s, reason = %s WHERE id = %s AND state <= %s"
    return sql, [int(state), reason, message.pk, int(state)]
