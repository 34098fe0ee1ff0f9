"""RabbitMQ works as the broker: fast, bounded, robust against invalid messages, and dispensable."""

import fcntl
import os
import socket
import uuid

import dramatiq
import pika
import pytest
from django.conf import settings as configured

from tenants.models import Queue
from tests.workers.test_queue import TIMEOUT_SECONDS, wait_until
from workers import queue
from workers.dramatiq_middleware import build_middleware
from workers.queue import brokers, enqueueing

pytestmark = pytest.mark.rabbitmq
DEAD = "codes.XQ"


@pytest.fixture(autouse=True)
def _rabbitmq_lock(tmp_path_factory):
    """Keep other workers of this run out: there is one RabbitMQ, and its queues are named after queues."""
    with (tmp_path_factory.getbasetemp().parent / "rabbitmq.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(autouse=True)
def rabbitmq_server(_rabbitmq_lock, monkeypatch):
    """A RabbitMQ with empty queues, as the queue that BROKER_URL names."""
    if "RABBITMQ_URL" not in os.environ:
        pytest.skip(os.environ.get("RABBITMQ_MISSING", "RABBITMQ_URL names no server."))
    monkeypatch.setattr(configured, "BROKER_URL", os.environ["RABBITMQ_URL"])
    monkeypatch.setattr(enqueueing, "BROKER_ERRORS", brokers._broker_errors())
    enqueueing.get_broker.cache_clear()
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    channel = connection.channel()
    for name in ("codes", "codes.DQ", DEAD):
        channel.queue_delete(name)
    yield channel
    enqueueing.get_broker().close()
    enqueueing.get_broker.cache_clear()
    connection.close()


@pytest.fixture
def start_worker():
    """Return a function that starts a worker for the codes queue with a probe that records its arguments."""
    started = []

    def start_worker():
        broker, received = brokers.build_broker(middleware=build_middleware()), []
        probe = dramatiq.actor(queue_name="codes", actor_name="deliver", max_retries=0, broker=broker)
        probe(lambda **ids: received.append(ids))
        worker = dramatiq.Worker(broker, queues={"codes"}, worker_threads=2)
        worker.start()
        started.append(worker)
        return received

    yield start_worker
    for worker in started:
        worker.stop()
        worker.broker.close()


def test_waiting_messages_are_counted(start_worker):
    for _ in range(3):
        assert queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4())

    wait_until(lambda: queue.get_queue_length(Queue.CODES) == 3)


def test_queues_have_their_priorities_from_the_start(rabbitmq_server):
    queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4())
    arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": DEAD}

    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="x-max-priority"):
        rabbitmq_server.queue_declare("codes", durable=True, arguments=arguments)


@pytest.mark.parametrize(
    "invalid_message",
    [b"{", b"\xff", b"[]", b'{"queue_name": "codes"}'],
    ids=repr,
)
def test_an_undecodable_message_becomes_a_dead_letter_and_the_queue_goes_on(
    rabbitmq_server, start_worker, invalid_message
):
    received = start_worker()
    queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4())
    wait_until(lambda: len(received) == 1)

    rabbitmq_server.basic_publish("", "codes", invalid_message)
    queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4())

    wait_until(lambda: len(received) == 2)
    wait_until(lambda: rabbitmq_server.queue_declare(DEAD, passive=True).method.message_count == 1)


@pytest.mark.parametrize("wrong", [{"actor_name": "nobody"}, {"queue_name": "elsewhere"}, {"options": []}], ids=repr)
def test_an_invalid_message_becomes_a_dead_letter_and_the_queue_goes_on(rabbitmq_server, start_worker, wrong):
    received = start_worker()
    queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4())
    wait_until(lambda: len(received) == 1)
    message = dramatiq.Message("codes", "deliver", (), {"delivery_id": "1"}, {})

    for _ in range(3):
        rabbitmq_server.basic_publish("", "codes", dramatiq.get_encoder().encode(message.asdict() | wrong))
    queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4())

    wait_until(lambda: len(received) == 2)
    wait_until(lambda: rabbitmq_server.queue_declare(DEAD, passive=True).method.message_count == 3)


def test_an_unreachable_rabbitmq_costs_one_short_wait_and_then_nothing(monkeypatch):
    monkeypatch.setattr(configured, "BROKER_URL", "amqp://guest:guest@127.0.0.1:1/%2F")
    enqueueing.get_broker.cache_clear()

    results = [queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4()) for _ in range(50)]

    assert not any(results)
    assert not enqueueing._breaker.allow_call()
    with pytest.raises(ConnectionError):
        queue.get_queue_length(Queue.CODES)


def test_a_rabbitmq_that_never_ends_its_handshake_counts_as_unreachable(monkeypatch):
    monkeypatch.setattr(enqueueing, "TIMEOUT_SECONDS", TIMEOUT_SECONDS)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(configured, "BROKER_URL", f"amqp://guest:guest@127.0.0.1:{silent.getsockname()[1]}/%2F")
        enqueueing.get_broker.cache_clear()

        assert not queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4())
