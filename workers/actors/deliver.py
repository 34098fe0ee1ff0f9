"""How does one owed message reach a person, and how do we learn what became of it?

Any number of workers may be rung for the same row, be killed at any line, and start
again: the row says who may go on, and every repeat carries the same code.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import dramatiq
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.activity.models import Entry
from portal.messaging import services as messaging
from portal.messaging.models import Message
from tenants import metrics, outbox, provider_events
from tenants.context import use_business, use_public
from tenants.models import Business, Channel, DeliveryState, Queue, StaffEmail
from tenants.outbox import Claim
from workers.actors import letters
from workers.actors.composing import Unrenderable, compose
from workers.providers.base import Envelope, Verdict
from workers.providers.registry import lines
from workers.tenancy import NotAnId, row_id

Clock = Callable[[], datetime]
Owed = Message | StaffEmail

# The wait before each further attempt; the last one repeats until the deadline.
BACK_OFF = [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 15)]
SETTLED_BY = {
    Verdict.ACCEPTED: DeliveryState.ACCEPTED,
    Verdict.REFUSED: DeliveryState.FAILED,
    Verdict.UNMADE: DeliveryState.FAILED,
}


@dramatiq.actor(queue_name=Queue.CODES, throws=NotAnId, max_retries=3, max_age=1_200_000, time_limit=60_000)
def deliver(*, delivery_id: str) -> None:
    """Deliver one message. Safe to repeat, and to call for a delivery that is gone, settled or somebody else's."""
    carry(row_id(delivery_id))


@dramatiq.actor(queue_name=Queue.NOTICES, throws=NotAnId, max_retries=3, max_age=1_200_000, time_limit=60_000)
def apply_events(*, event_ids: list[str]) -> None:
    """Apply what providers told us. Safe to repeat."""
    for event_id in event_ids:
        apply_event(row_id(event_id), now=timezone.now())


def carry(delivery_id: UUID, *, clock: Clock = timezone.now) -> None:
    """Claim a delivery, bring it to a provider or put it back, and write what came of it."""
    claim = outbox.claim(delivery_id, clock())
    if claim is None:
        return
    try:
        with use_business(claim.business) if claim.business else use_public():
            _deliver(claim, clock)
    except Exception:
        _put_back(claim, clock())
        raise


@transaction.atomic
def apply_event(event_id: UUID, *, now: datetime) -> None:
    """Advance delivery, message and timeline to what one event reports; all of it or nothing."""
    event = provider_events.mark_applied(event_id, now)
    if event is None:
        return
    told: dict[str, Any] = {"state": DeliveryState(event.state), "provider": event.provider, "reason": event.reason}
    delivery = outbox.advance_state(event.delivery_id, now=now, **told)
    metrics.PROVIDER_EVENTS.labels(event.provider, "applied" if delivery else "known").inc()
    if delivery is None or delivery.business is None:
        return
    with use_business(delivery.business):
        if message := messaging.find(delivery.message_id):
            messaging.record_outcome(message, at=event.happened_at, actor=Entry.Actor.PROVIDER, **told)


def _deliver(claim: Claim, clock: Clock) -> None:
    """Put the message into words and ask providers until one takes it, refuses it, or none is left."""
    if claim.business and claim.business.status == Business.Status.CLOSED:
        return _drop(claim, "business-closed", clock())
    message = messaging.find(claim.message_id) if claim.business else letters.find(claim.message_id)
    if message is None:
        return _drop(claim, "withdrawn", clock())
    if clock() >= claim.deadline_at:
        return _give_up(claim, message, reason="expired", now=clock())
    try:
        envelope = _compose(message, claim, now=clock())
    except Unrenderable:
        return _settle(claim, message, state=DeliveryState.FAILED, reason="unrenderable", now=clock())
    envelope = envelope or _withdraw(claim, message, clock)
    return _ask_in_turn(claim, message, envelope, clock) if envelope else None


def _compose(message: Owed, claim: Claim, *, now: datetime) -> Envelope | None:
    if isinstance(message, StaffEmail):
        return letters.compose(message, claim, now=now)
    return compose(message, claim, now=now)


def _withdraw(claim: Claim, message: Owed, clock: Clock) -> Envelope | None:
    """Settle what has nothing left to tell; return what to send after all where there is something by now.

    Whoever writes and counts on this message holds it until they have committed (`messaging.lock_queued`).
    """
    with transaction.atomic():
        if isinstance(message, Message):
            Message.objects.select_for_update(no_key=True).filter(pk=message.pk).first()
            if envelope := _compose(message, claim, now=clock()):
                return envelope
        _settle(claim, message, state=DeliveryState.EXPIRED, reason="withdrawn", now=clock())
    return None


def _ask_in_turn(claim: Claim, message: Owed, envelope: Envelope, clock: Clock) -> None:
    """Ask one provider after the other. A call that may have reached the person is counted before it is made."""
    reason = "resting"
    for line in lines(Channel(claim.channel)):
        if not line.breaker.allows():
            continue
        if not outbox.begin_call(claim, clock()):
            break
        outcome = line.send(envelope)
        reason = outcome.reason
        claim.calls += outcome.verdict in (Verdict.ACCEPTED, Verdict.UNCLEAR)
        if outcome.verdict in SETTLED_BY:
            state = SETTLED_BY[outcome.verdict]
            return _settle(claim, message, state=state, provider=line.name, reason=reason, now=clock())
    return _try_later(claim, message, reason=reason, now=clock())


def _try_later(claim: Claim, message: Owed, *, reason: str, now: datetime) -> None:
    if now >= claim.deadline_at or claim.calls >= settings.DELIVERY_MAX_CALLS:
        return _give_up(claim, message, reason=reason, now=now)
    with transaction.atomic():
        if outbox.reschedule(claim, reason=reason, until=_next_try(claim, now)):
            _tell_it_waits(claim, message, reason=reason, now=now)
    return None


def _tell_it_waits(claim: Claim, message: Owed, *, reason: str, now: datetime) -> None:
    if isinstance(message, Message):
        state = DeliveryState.UNCLEAR if claim.calls else DeliveryState.QUEUED
        messaging.record_outcome(message, state=state, reason=reason, provider="", at=now)


def _give_up(claim: Claim, message: Owed, *, reason: str, now: datetime) -> None:
    """End a delivery that may not be tried again; if a call may have reached the person, we say that we don't know."""
    state = DeliveryState.UNCLEAR if claim.calls else DeliveryState.EXPIRED
    _settle(claim, message, state=state, reason=reason if claim.calls else "expired", now=now)


def _settle(
    claim: Claim, message: Owed, *, state: DeliveryState, now: datetime, reason: str = "", provider: str = ""
) -> None:
    """Write our last word unless another attempt has begun. A letter has no records but its delivery."""
    told: dict[str, Any] = {"state": state, "reason": reason, "provider": provider}
    if isinstance(message, StaffEmail):
        is_ours = outbox.complete(claim, now=now, **told)
    else:
        completion_update = outbox.completion_update(claim, now=now, **told)
        is_ours = messaging.record_last_word(message, provided=completion_update, at=now, **told)
    if is_ours:
        metrics.DELIVERIES.labels(claim.queue, claim.channel, state.name.lower()).inc()


def _put_back(claim: Claim, now: datetime) -> None:
    """Keep a delivery that raises from being claimed in a circle, and end it at its deadline whatever is wrong."""
    with use_public():
        if now < claim.deadline_at:
            outbox.reschedule(claim, reason="broken", until=_next_try(claim, now))
        else:
            _drop(claim, "expired", now)


def _drop(claim: Claim, reason: str, now: datetime) -> None:
    """End a delivery whose business or message can't be told of it."""
    outbox.complete(claim, state=DeliveryState.EXPIRED, provider="", reason=reason, now=now)


def _next_try(claim: Claim, now: datetime) -> datetime:
    return min(now + BACK_OFF[min(claim.attempt, len(BACK_OFF)) - 1], claim.deadline_at)
