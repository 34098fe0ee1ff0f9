"""Sending a message, and recording on it and on the client's timeline what became of it."""

import uuid
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, TextChoices

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.models import Client
from portal.messaging import suppressions
from portal.messaging.kinds import MessagingEvent
from portal.messaging.message_kinds import list_code_message_kinds
from portal.messaging.models import Message
from tenants import metrics, outbox
from tenants.combined_writes import UpdateStatement, insert_all, insert_all_if_updated
from tenants.compiled_queries import compiled_query
from tenants.context import get_current_business
from tenants.models import Channel, Delivery, DeliveryState, EventMatch, Queue
from tenants.nouns import registry
from workers import queue as task_queue

EVENT_TYPE_BY_STATE = {
    DeliveryState.ACCEPTED: MessagingEvent.ACCEPTED,
    DeliveryState.DEFERRED: MessagingEvent.DEFERRED,
    DeliveryState.DELIVERED: MessagingEvent.DELIVERED,
    DeliveryState.BOUNCED: MessagingEvent.BOUNCED,
    DeliveryState.FAILED: MessagingEvent.FAILED,
    DeliveryState.EXPIRED: MessagingEvent.EXPIRED,
    DeliveryState.QUEUED: MessagingEvent.POSTPONED,
    DeliveryState.UNCLEAR: MessagingEvent.UNCLEAR,
}


def build_message(
    kind: str,
    *,
    channel: Channel,
    to: str,
    now: datetime,
    client: Client | None = None,
    client_id: uuid.UUID | None = None,
    language: str = "",
    subject_id: uuid.UUID | None = None,
    data: dict[str, Any] | None = None,
) -> Message:
    """Return a message, not yet saved, for callers that insert several rows at once.

    A message with an empty `to` is never sent; a message to a demo client always has one.
    """
    if client and client.is_demo:
        to = ""
    return Message(
        kind=kind,
        channel=channel,
        to=to,
        client_id=client.pk if client else client_id,
        language=language,
        subject_id=subject_id,
        data=data or {},
        state=DeliveryState.QUEUED if to else DeliveryState.VOID,
        created_at=now,
    )


def build_delivery(
    message: Message, *, queue: Queue, due_at: datetime | None = None, deadline: datetime, now: datetime
) -> Delivery:
    """Return the delivery of a message, not yet saved.

    It is sent when `due_at` is reached, and never after `deadline`.
    """
    business = get_current_business()
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
def enqueue_message(
    message: Message, *, queue: Queue, due_at: datetime | None = None, deadline: datetime, now: datetime
) -> Message:
    """Save a message and its delivery. A code is enqueued after commit; the sweeper enqueues everything else."""
    delivery = build_delivery(message, queue=queue, due_at=due_at, deadline=deadline, now=now)
    insert_all(message, delivery)
    if queue == Queue.CODES:
        transaction.on_commit(lambda: task_queue.enqueue_delivery(queue=queue, delivery_id=delivery.pk))
    return message


def enqueue_notices(messages: Sequence[Message], *, deadline: datetime, now: datetime) -> None:
    """Save a few messages and their deliveries in one statement."""
    if messages:
        deliveries = [build_delivery(message, queue=Queue.NOTICES, deadline=deadline, now=now) for message in messages]
        insert_all(*messages, *deliveries)


def withhold_message(message: Message, delivery: Delivery, *, reason: str, now: datetime) -> None:
    """Record on a message that was saved in this transaction, and on the timeline, that it is not sent, and why."""
    entry = _build_outcome_entry(message, state=DeliveryState.FAILED, reason=reason, provider="", at=now)
    updates = [
        _build_state_update(message, DeliveryState.FAILED, reason),
        outbox.build_withholding_update(delivery.pk, reason=reason, now=now),
    ]
    insert_all(entry, extra_updates=updates)
    metrics.WITHHELD_MESSAGES.labels(message.channel).inc()


def lock_queued_messages(kind: str, *, now: datetime) -> QuerySet[Message]:
    """Return the queued messages of a kind, locked when read: each will report what the caller writes meanwhile.

    They are found by state, not by due time: by the clock of the caller, a message that a worker has already sent might
    not be due yet. A worker that finds nothing left to report waits for this lock and composes the message again
    (`workers.actors.delivery_jobs`). Messages too old to be sent are left out: one that failed and whose state was
    never updated would otherwise prevent every later message.
    """
    longest = settings.CHAT_EMAIL_DELAY + settings.NOTIFICATION_LIFETIME
    queued = Message.objects.filter(kind=kind, state=DeliveryState.QUEUED, created_at__gt=now - longest)
    return queued.select_for_update(no_key=True)


def find_message_by_key(key: uuid.UUID) -> Message | None:
    """Return a message by its key, or None when it was erased."""
    return next(iter(_query_message(key=key)), None)


@compiled_query
def _query_message(key: uuid.UUID) -> QuerySet[Message]:
    return Message.objects.exclude_demo().filter(pk=key)


def record_outcome(
    message: Message,
    *,
    state: DeliveryState,
    reason: str,
    provider: str,
    at: datetime,
    matched_by: EventMatch | None = None,
) -> None:
    """Record what became of a message on it and on the timeline, in the caller's transaction.

    A delay is recorded once for each reason, not at every attempt. `matched_by` is set for what a provider reported.
    """
    if not _is_outcome_recorded(message, state, reason):
        entry = _build_outcome_entry(
            message, state=state, reason=reason, provider=provider, at=at, matched_by=matched_by
        )
        insert_all(entry, extra_updates=[_build_state_update(message, state, reason)])
        _update_metrics_and_suppressions(message, state=state, reason=reason, provider=provider, at=at)


def record_final_state(
    message: Message, *, provided: UpdateStatement, state: DeliveryState, reason: str, provider: str, at: datetime
) -> bool:
    """Record what became of a message, in one statement, if the update `provided` matches a row.

    Returns False when it matched none; nothing is written then.
    """
    outcome: dict[str, Any] = {"state": state, "reason": reason, "provider": provider, "at": at}
    recorded = _is_outcome_recorded(message, state, reason)
    entries = [] if recorded else [_build_outcome_entry(message, **outcome)]
    with transaction.atomic() if state == DeliveryState.FAILED else nullcontext():
        if written := insert_all_if_updated(
            provided, *entries, extra_updates=[_build_state_update(message, state, reason)]
        ):
            _update_metrics_and_suppressions(message, **outcome)
    return written


def _is_outcome_recorded(message: Message, state: DeliveryState, reason: str) -> bool:
    is_delay = state in (DeliveryState.QUEUED, DeliveryState.UNCLEAR)
    return is_delay and (message.state, message.reason) == (state, reason)


def _build_outcome_entry(
    message: Message,
    *,
    state: DeliveryState,
    reason: str,
    provider: str,
    at: datetime,
    matched_by: EventMatch | None = None,
) -> Entry:
    """Return the timeline entry about what became of a message, not yet saved."""
    details = {
        "provider": provider,
        "reason": f"{reason}-notices" if suppressions.stops_notices_only(message, reason) else reason,
        "matched_by": EventMatch.ADDRESS if matched_by == EventMatch.ADDRESS else "",
    }
    data: dict[str, Any] = {name: value for name, value in details.items() if value}
    return activity.build_entry(
        _choose_event_type(message, state),
        at=at,
        client_id=message.client_id,
        subject_id=message.subject_id or message.pk,
        actor=Entry.Actor.PROVIDER if matched_by else Entry.Actor.SYSTEM,
        channel=message.channel,
        kind=message.kind,
        **data,
    )


def _choose_event_type(message: Message, state: DeliveryState) -> TextChoices:
    """Return the event type for what became of a message; its kind may have one of its own for being accepted."""
    kind = registry.get_message_kinds().get(message.kind)
    own_type = kind.accepted_event_type if kind and state == DeliveryState.ACCEPTED else None
    return own_type or EVENT_TYPE_BY_STATE[state]


def _update_metrics_and_suppressions(
    message: Message, *, state: DeliveryState, reason: str, provider: str, at: datetime
) -> None:
    """Count codes in the metrics, and suppress an address that the provider refuses from now on."""
    if message.kind in list_code_message_kinds() and state == DeliveryState.ACCEPTED:
        metrics.CODES_SENT.inc()
    if message.kind in list_code_message_kinds() and state == DeliveryState.DELIVERED:
        metrics.CODES_DELIVERED.inc()
    if state in (DeliveryState.BOUNCED, DeliveryState.FAILED):
        suppressions.suppress_address(message, reason=reason, provider=provider, at=at)


def _build_state_update(message: Message, state: DeliveryState, reason: str) -> UpdateStatement:
    """Return the update that advances a message's state and never lowers it.

    Plain SQL: it runs for every message sent, and Django would take five times as long to build it.
    """
    sql = "UPDATE messaging_message SET state = %s, reason = %s WHERE id = %s AND state <= %s"
    return sql, [int(state), reason, message.pk, int(state)]
