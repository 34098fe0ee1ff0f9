"""A consumer of the Redis broker waits for messages without polling."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from tenants.models import Queue
from tests.workers.test_queue import wait_until
from workers import queue
from workers.queue import brokers, enqueueing, redis_broker


@pytest.fixture
def consumer(redis_db):
    """A consumer of the codes queue that fetches one message at a time."""
    enqueueing.get_broker.cache_clear()
    broker = brokers.build_broker()
    yield broker.consume("codes", prefetch=1, timeout=1_000)
    broker.client.close()
    enqueueing.get_broker.cache_clear()


def list_blocked_consumers(server: redis.Redis) -> list[dict]:
    """Return the connections that block on this Redis database until a message arrives."""
    database = str(server.connection_pool.connection_kwargs.get("db", 0))
    return [
        connection
        for connection in server.client_list()
        if connection["cmd"] == "blmove" and connection["db"] == database
    ]


def enqueue_random_delivery() -> str:
    """Enqueue a delivery and return its id."""
    delivery_id = uuid.uuid4()
    assert queue.enqueue_delivery(queue=Queue.CODES, delivery_id=delivery_id)
    return str(delivery_id)


def test_an_idle_consumer_blocks_until_a_message_arrives(consumer, redis_db, monkeypatch):
    monkeypatch.setattr(redis_broker, "WAIT_SECONDS", 4)
    with ThreadPoolExecutor(1) as thread:
        received = thread.submit(next, consumer)
        wait_until(lambda: list_blocked_consumers(redis_db))
        delivery_id = enqueue_random_delivery()

        assert received.result(timeout=100).kwargs == {"delivery_id": delivery_id}


def test_a_blocking_wait_ends_without_a_message(consumer, monkeypatch):
    monkeypatch.setattr(redis_broker, "WAIT_SECONDS", 0.01)

    assert next(consumer) is None


def test_waiting_keeps_the_order_of_messages(consumer):
    sent = [enqueue_random_delivery() for _ in range(3)]

    received = []
    for _ in sent:
        message = next(consumer)
        received.append(message.kwargs["delivery_id"])
        consumer.ack(message)

    assert received == sent


def test_a_consumer_with_enough_messages_fetches_no_more(consumer, redis_db):
    sent = [enqueue_random_delivery(), enqueue_random_delivery()]
    assert next(consumer).kwargs == {"delivery_id": sent[0]}

    assert next(consumer) is None
    assert queue.get_queue_length(Queue.CODES) == 1
