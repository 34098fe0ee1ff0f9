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
from workers.broker import TROUBLE, build_broker, waiting_in
from workers.providers.breaker import Breaker

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.3
# While the queue is away every ring would wait in vain; one in a while finds out for all.
_breaker = Breaker("queue", failures=1, rest=timedelta(seconds=1))


def ring(*, queue: Queue, delivery_id: UUID) -> bool:
    """Tell the workers of a queue that a delivery is owed; call it after commit. False: nobody heard."""
    return enqueue("deliver", queue=queue, delivery_id=delivery_id)


def enqueue(actor: str, *, queue: str, **row_ids: UUID | list[UUID]) -> bool:
    """Ask for an actor to be run with the ids of some rows. False: nobody heard."""
    if not _breaker.allows():
        return _count(queue, heard=False)
    message: Message = Message(queue_name=str(queue), actor_name=actor, args=(), kwargs=_plain(row_ids), options={})
    try:
        _broker().enqueue(message)
    except TROUBLE as error:
        _breaker.failed()
        log.warning("bell not heard: %s", type(error).__name__)
        return _count(queue, heard=False)
    _breaker.succeeded()
    return _count(queue, heard=True)


def waiting(queue: Queue) -> int:
    """Return how many bells of a queue nobody answered yet. Raises ConnectionError while the queue is away."""
    try:
        return waiting_in(_broker(), queue)
    except TROUBLE as error:
        raise ConnectionError("the queue is away") from error


@cache
def _broker():
    return build_broker(patience=PATIENCE_SECONDS)


def _plain(row_ids: dict[str, UUID | list[UUID]]) -> dict[str, str | list[str]]:
    return {name: [str(one) for one in ids] if isinstance(ids, list) else str(ids) for name, ids in row_ids.items()}


def _count(queue: str, *, heard: bool) -> bool:
    metrics.BELLS.labels(queue, "heard" if heard else "unheard").inc()
    return heard
