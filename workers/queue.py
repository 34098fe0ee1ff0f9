"""How does the web process tell the workers that there is work?

A bell carries row ids and nothing else. Ringing never fails and never waits long: what
nobody heard, the sweeper rings for again.
"""

import logging
from datetime import timedelta
from functools import cache
from uuid import UUID

from dramatiq import Message

from tenants import metrics
from tenants.models import Queue
from workers.broker import BROKER_ERRORS, build_broker
from workers.broker import queue_length as broker_queue_length
from workers.providers.circuit_breaker import CircuitBreaker

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.3
# While the queue is away every ring would wait in vain; one in a while finds out for all.
_breaker = CircuitBreaker("queue", failure_threshold=1, cooldown=timedelta(seconds=1))


def enqueue_delivery(*, queue: Queue, delivery_id: UUID) -> bool:
    """Tell the workers of a queue that a delivery is owed; call it after commit. False: nobody heard."""
    return enqueue("deliver", queue=queue, delivery_id=delivery_id)


def enqueue(actor: str, *, queue: str, **row_ids: UUID | list[UUID]) -> bool:
    """Ask for an actor to be run with the ids of some rows. False: nobody heard."""
    if not _breaker.allow_call():
        return _count_enqueue(queue, succeeded=False)
    message: Message = Message(queue_name=str(queue), actor_name=actor, args=(), kwargs=_serialise(row_ids), options={})
    try:
        _broker().enqueue(message)
    except BROKER_ERRORS as error:
        _breaker.record_failure()
        log.warning("message not enqueued: %s", type(error).__name__)
        return _count_enqueue(queue, succeeded=False)
    _breaker.record_success()
    return _count_enqueue(queue, succeeded=True)


def queue_length(queue: Queue) -> int:
    """Return how many bells of a queue nobody answered yet. Raises ConnectionError while the queue is away."""
    try:
        return broker_queue_length(_broker(), queue)
    except BROKER_ERRORS as error:
        raise ConnectionError("the queue is away") from error


@cache
def _broker():
    return build_broker(timeout=TIMEOUT_SECONDS)


def _serialise(row_ids: dict[str, UUID | list[UUID]]) -> dict[str, str | list[str]]:
    return {name: [str(one) for one in ids] if isinstance(ids, list) else str(ids) for name, ids in row_ids.items()}


def _count_enqueue(queue: str, *, succeeded: bool) -> bool:
    metrics.ENQUEUES.labels(queue, "enqueued" if succeeded else "failed").inc()
    return succeeded
