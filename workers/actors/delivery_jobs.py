"""Delivery of one pending message, and processing of the provider events about it.

Any number of workers may run the same delivery, be killed at any line, and start again: the outbox
row says which attempt may go on, and every repeat carries the same code.
"""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import dramatiq
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from portal.messaging import services as messaging
from portal.messaging.models import Message
from tenants import database_clock, metrics, outbox, provider_events
from tenants.context import use_business, use_public
from tenants.job_runs import JobKey
from tenants.models import BusinessStatus, Channel, DeliveryState, EventMatch, Queue, StaffEmail
from tenants.outbox import Claim
from workers.actors import staff_emails
from workers.actors.client_messages import RenderError, compose_message
from workers.actors.recipient_limits import RecipientBusy, begin_provider_call
from workers.actors.sms_admission import find_sms_refusal
from workers.job_guard import count_failure
from workers.providers.base import OutgoingMessage, SendStatus
from workers.providers.provider_registry import list_providers_for_channel
from workers.tenancy import InvalidId, parse_id

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
DeliverableMessage = Message | StaffEmail

# The wait before each further attempt; the last one repeats until the deadline.
RETRY_DELAYS = [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 15)]
# A notice to an address that had too many is tried again after this time.
RECIPIENT_BUSY, RECIPIENT_DELAY = "recipient-busy", timedelta(minutes=10)
FINAL_STATES = {
    SendStatus.ACCEPTED: DeliveryState.ACCEPTED,
    SendStatus.REFUSED: DeliveryState.FAILED,
    SendStatus.INVALID: DeliveryState.FAILED,
}


@dramatiq.actor(queue_name=Queue.CODES, throws=InvalidId, max_retries=3, max_age=1_200_000, time_limit=60_000)
def deliver(*, delivery_id: str) -> None:
    """Deliver one message.

    Safe to repeat, and to call for a delivery that is deleted, completed or leased by another worker.
    """
    deliver_now(parse_id(delivery_id))


@dramatiq.actor(queue_name=Queue.NOTICES, throws=InvalidId, max_retries=3, max_age=1_200_000, time_limit=60_000)
def apply_events(*, event_ids: list[str]) -> None:
    """Apply stored provider events. Safe to repeat."""
    for event_id in event_ids:
        apply_event_or_give_up(parse_id(event_id), now=database_clock.now())


def deliver_now(delivery_id: UUID, *, clock: Clock = database_clock.now) -> None:
    """Claim a delivery, send it or reschedule it, and record the outcome.

    A delivery that raises the same error three times has failed.
    """
    claim = outbox.claim_delivery(delivery_id, clock())
    if claim is None:
        return None
    try:
        with use_business(claim.business) if claim.business else use_public():
            _deliver_claim(claim, clock)
    except Exception as error:
        business_id = claim.business.pk if claim.business else None
        if count_failure(JobKey("deliver", business_id, claim.delivery_id), error):
            return _fail_delivery(claim, clock())
        _requeue_delivery(claim, clock())
        raise


def apply_event_or_give_up(event_id: UUID, *, now: datetime) -> None:
    """Apply one event; one that raises the same error three times is left alone."""
    try:
        apply_event(event_id, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if not count_failure(JobKey("apply_event", row_id=event_id), error):
            raise
        provider_events.mark_event_applied(event_id, now)


@transaction.atomic
def apply_event(event_id: UUID, *, now: datetime) -> None:
    """Advance delivery, message and timeline to the state one event reports, in one transaction."""
    event = provider_events.mark_event_applied(event_id, now)
    if event is None:
        return
    outcome: dict[str, Any] = {"state": DeliveryState(event.state), "provider": event.provider, "reason": event.reason}
    delivery = outbox.advance_delivery_state(event.delivery_id, now=now, **outcome)
    metrics.PROVIDER_EVENTS.labels(event.provider, "applied" if delivery else "stale").inc()
    if delivery is None or delivery.business is None:
        return
    # An event can't have happened before its delivery: then a clock is wrong, or the time was no time.
    happened_at = max(event.happened_at, delivery.created_at)
    with use_business(delivery.business):
        if message := messaging.find_message_by_key(delivery.message_id):
            messaging.record_outcome(message, at=happened_at, matched_by=EventMatch(event.matched_by), **outcome)


def _deliver_claim(claim: Claim, clock: Clock) -> None:
    """Compose the message and try providers until one accepts or refuses it, or none is left."""
    if claim.business and claim.business.status == BusinessStatus.CLOSED:
        return _discard_delivery(claim, "business-closed", clock())
    message = (
        messaging.find_message_by_key(claim.message_id)
        if claim.business
        else staff_emails.find_staff_email(claim.message_id)
    )
    if message is None:
        return _discard_delivery(claim, "withdrawn", clock())
    if claim.business and not claim.business.is_open:
        # The last of several barriers, so for good: what a suspended business has queued is not sent when it resumes.
        state, reason = DeliveryState.EXPIRED, "business-suspended"
        return _complete_delivery(claim, message, state=state, reason=reason, now=clock())
    if clock() >= claim.deadline_at:
        return _give_up(claim, message, reason="expired", now=clock())
    try:
        outgoing = _compose_message(message, claim, now=clock())
    except RenderError:
        return _complete_delivery(claim, message, state=DeliveryState.FAILED, reason="unrenderable", now=clock())
    outgoing = outgoing or _withdraw_or_recompose(claim, message, clock)
    return _try_providers(claim, message, outgoing, clock) if outgoing else None


def _compose_message(message: DeliverableMessage, claim: Claim, *, now: datetime) -> OutgoingMessage | None:
    if isinstance(message, StaffEmail):
        return staff_emails.compose_email(message, claim, now=now)
    return compose_message(message, claim, now=now)


def _withdraw_or_recompose(claim: Claim, message: DeliverableMessage, clock: Clock) -> OutgoingMessage | None:
    """Withdraw a message with nothing left to say, or return it composed if there is something to say after all.

    Whoever adds to a queued message locks its row until the commit (`lock_queued_messages`), so we lock it too and
    compose it again.
    """
    with transaction.atomic():
        if isinstance(message, Message):
            Message.objects.select_for_update(no_key=True).filter(pk=message.pk).first()
            if outgoing := _compose_message(message, claim, now=clock()):
                return outgoing
        _complete_delivery(claim, message, state=DeliveryState.EXPIRED, reason="withdrawn", now=clock())
    return None


def _try_providers(claim: Claim, message: DeliverableMessage, outgoing: OutgoingMessage, clock: Clock) -> None:
    """Try one provider after the other. Each call is counted before it is made, since it may reach the person."""
    reason = "providers-unavailable"
    for provider in list_providers_for_channel(Channel(claim.channel)):
        if not provider.breaker.allow_call():
            continue
        if not _begin_call(claim, message, outgoing, clock, reason=reason):
            return provider.breaker.cancel_call()
        result = provider.send(outgoing)
        reason = result.reason
        claim.calls += result.status in (SendStatus.ACCEPTED, SendStatus.UNKNOWN)
        if result.status in FINAL_STATES:
            return _complete_delivery(
                claim,
                message,
                state=FINAL_STATES[result.status],
                provider=provider.name,
                provider_message_id=result.message_id,
                reason=reason,
                now=clock(),
            )
    return _reschedule_delivery(claim, message, reason=reason, now=clock())


def _begin_call(
    claim: Claim, message: DeliverableMessage, outgoing: OutgoingMessage, clock: Clock, *, reason: str
) -> bool:
    """Count a call before it is made; where none may be made, end or reschedule the delivery and return False."""
    refusal, has_begun = "", False
    try:
        # In one transaction, so that a text which has to wait uses nothing of the limits on texts.
        with transaction.atomic() if claim.channel == Channel.SMS else nullcontext():
            if isinstance(message, Message):
                refusal = find_sms_refusal(claim, message, outgoing, now=clock())
            if not refusal:
                has_begun = begin_provider_call(claim, message, outgoing.to, now=clock())
    except RecipientBusy:
        _reschedule_delivery(claim, message, reason=RECIPIENT_BUSY, now=clock(), delay=RECIPIENT_DELAY)
        return False
    if refusal:
        _complete_delivery(claim, message, state=DeliveryState.FAILED, reason=refusal, now=clock())
    elif has_begun:
        claim.was_called = True
    else:
        _reschedule_delivery(claim, message, reason=reason, now=clock())
    return has_begun


def _reschedule_delivery(
    claim: Claim, message: DeliverableMessage, *, reason: str, now: datetime, delay: timedelta | None = None
) -> None:
    if now >= claim.deadline_at or claim.calls >= settings.DELIVERY_MAX_CALLS:
        return _give_up(claim, message, reason=reason, now=now)
    until = min(now + delay, claim.deadline_at) if delay else _compute_next_attempt_at(claim, now)
    with transaction.atomic():
        if outbox.reschedule_delivery(claim, reason=reason, until=until):
            _record_deferred(claim, message, reason=reason, now=now)
    return None


def _record_deferred(claim: Claim, message: DeliverableMessage, *, reason: str, now: datetime) -> None:
    if isinstance(message, Message):
        state = DeliveryState.UNCLEAR if claim.calls else DeliveryState.QUEUED
        messaging.record_outcome(message, state=state, reason=reason, provider="", at=now)


def _give_up(claim: Claim, message: DeliverableMessage, *, reason: str, now: datetime) -> None:
    """End a delivery without success: unclear if a call may have reached the person, else expired."""
    state = DeliveryState.UNCLEAR if claim.calls else DeliveryState.EXPIRED
    _complete_delivery(claim, message, state=state, reason=reason if claim.calls else "expired", now=now)


def _complete_delivery(
    claim: Claim,
    message: DeliverableMessage,
    *,
    state: DeliveryState,
    now: datetime,
    reason: str = "",
    provider: str = "",
    provider_message_id: str = "",
) -> None:
    """Record the final state unless another attempt has begun. An email to staff has no record but its delivery."""
    outcome: dict[str, Any] = {"state": state, "reason": reason, "provider": provider}
    if isinstance(message, StaffEmail):
        is_recorded = outbox.complete_delivery(claim, provider_message_id=provider_message_id, now=now, **outcome)
    else:
        completion_update = outbox.build_completion_update(
            claim, provider_message_id=provider_message_id, now=now, **outcome
        )
        is_recorded = messaging.record_final_state(message, provided=completion_update, at=now, **outcome)
    if is_recorded:
        metrics.DELIVERIES.labels(claim.queue, claim.channel, state.name.lower()).inc()


def _requeue_delivery(claim: Claim, now: datetime) -> None:
    """Delay a delivery that raised an error, so that it is not claimed at once again, and end it at its deadline."""
    with use_public():
        if now < claim.deadline_at:
            outbox.reschedule_delivery(claim, reason="broken", until=_compute_next_attempt_at(claim, now))
        else:
            _discard_delivery(claim, "expired", now)


def _fail_delivery(claim: Claim, now: datetime) -> None:
    """End a delivery that can't be composed or recorded; staff see that it failed, if that can be recorded."""
    state = DeliveryState.UNCLEAR if claim.calls else DeliveryState.FAILED
    outcome: dict[str, Any] = {"state": state, "reason": "unrenderable", "now": now}
    try:
        with use_business(claim.business) if claim.business else use_public(), transaction.atomic():
            message = messaging.find_message_by_key(claim.message_id) if claim.business else None
            if message:
                return _complete_delivery(claim, message, **outcome)
    except Exception:
        log.exception("the message of a failed delivery can't be updated")
    with use_public():
        outbox.complete_delivery(claim, provider="", **outcome)
    return None


def _discard_delivery(claim: Claim, reason: str, now: datetime) -> None:
    """End a delivery whose message is gone or whose business is closed, with no record but the outbox row."""
    outbox.complete_delivery(claim, state=DeliveryState.EXPIRED, provider="", reason=reason, now=now)


def _compute_next_attempt_at(claim: Claim, now: datetime) -> datetime:
    return min(now + RETRY_DELAYS[min(claim.attempt, len(RETRY_DELAYS)) - 1], claim.deadline_at)
