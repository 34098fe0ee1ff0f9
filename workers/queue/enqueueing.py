"""Functions that enqueue jobs for the workers.

A message carries row ids and the name of a noun's job, and no personal data. Enqueuing never raises and never waits
long: the sweeper and periodic jobs repeat what failed.
"""

import logging
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from dramatiq import Broker, Message

from tenants import database_clock, metrics
from tenants.models import Queue
from tenants.nouns import registry
from workers.queue.brokers import BROKER_ERRORS, build_broker
from workers.queue.brokers import get_queue_length as broker_queue_length
from workers.queue.circuit_breaker import CircuitBreaker

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.3
# While the broker is unreachable every call would wait for its time-out; the breaker lets one in a while try.
_breaker = CircuitBreaker("queue", failure_threshold=1, cooldown=timedelta(seconds=1))


def enqueue_delivery(*, queue: Queue, delivery_id: UUID) -> bool:
    """Wake a worker of a queue for a pending delivery; call it after commit.

    Return False if the broker is unreachable.
    """
    return enqueue_job("deliver", queue=queue, delivery_id=delivery_id)


def enqueue_row_job(name: str, *, business_id: UUID, row_id: UUID, delay: timedelta | None = None) -> bool:
    """Enqueue a declared job about one row; call it after commit. Return False if the broker is unreachable.

    With a `delay` it is run later, unless another worker runs it then.
    """
    job = registry.get_row_jobs()[name]
    return enqueue_job(
        "rerun_row_job" if delay else "run_row_job",
        delay=delay,
        queue=job.queue,
        job_name=name,
        max_age=job.max_age,
        time_limit=job.time_limit,
        business_id=business_id,
        row_id=row_id,
    )


def enqueue_job(
    actor: str,
    *,
    queue: str,
    job_name: str = "",
    max_age: timedelta | None = None,
    time_limit: timedelta | None = None,
    delay: timedelta | None = None,
    **row_ids: UUID | list[UUID],
) -> bool:
    """Enqueue a job: the name of an actor with row ids, and of the noun's job that it is to run, if any.

    A job that waits longer than `max_age` is dropped, and one that takes longer than `time_limit` is aborted; by
    default these are the actor's. With a `delay` a worker gets it later. Return False if the broker is unreachable.
    """
    if not _breaker.allow_call():
        return _count_enqueue(queue, succeeded=False)
    arguments = _serialise_row_ids(row_ids) | ({"job_name": job_name} if job_name else {})
    limits = {"max_age": max_age, "time_limit": time_limit}
    options = {name: int(limit.total_seconds() * 1000) for name, limit in limits.items() if limit}
    message: Message = Message(
        queue_name=str(queue),
        actor_name=actor,
        args=(),
        kwargs=arguments,
        options=options,
        # Another machine tells by it how long the message has waited.
        message_timestamp=int(database_clock.now().timestamp() * 1000),
    )
    try:
        get_broker().enqueue(message, delay=int(delay.total_seconds() * 1000) if delay else None)
    except BROKER_ERRORS as error:
        _breaker.record_failure()
        log.warning("message not enqueued: %s", type(error).__name__)
        return _count_enqueue(queue, succeeded=False)
    _breaker.record_success()
    return _count_enqueue(queue, succeeded=True)


def get_queue_length(queue: Queue) -> int:
    """Return how many messages wait in a queue. Raises ConnectionError while the broker is unreachable."""
    try:
        return broker_queue_length(get_broker(), queue)
    except BROKER_ERRORS as error:
        raise ConnectionError("the queue is unreachable") from error


@cache
def get_broker() -> Broker:
    """Return the broker of this process, built when it is first needed."""
    return build_broker(timeout=TIMEOUT_SECONDS)


def _serialise_row_ids(row_ids: dict[str, UUID | list[UUID]]) -> dict[str, Any]:
    return {
        name: [str(row_id) for row_id in ids] if isinstance(ids, list) else str(ids) for name, ids in row_ids.items()
    }


def _count_enqueue(queue: str, *, succeeded: bool) -> bool:
    metrics.ENQUEUES.labels(queue, "enqueued" if succeeded else "failed").inc()
    return succeeded
