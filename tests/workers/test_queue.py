"""Messages are small, hold no personal data, and an unreachable or corrupt broker does no harm."""

import json
import time
import uuid
from datetime import timedelta

import dramatiq
import pytest
import redis
from django.conf import settings as configured

from tenants.models import Queue
from workers import queue
from workers.dramatiq_middleware import build_middleware
from workers.queue import brokers, enqueueing
from workers.queue.circuit_breaker import CircuitBreaker
from workers.tenancy import BusinessNotFound, InvalidId, parse_id

# Production's: the other tests wait longer for a Redis on a busy machine.
TIMEOUT_SECONDS = enqueueing.TIMEOUT_SECONDS


@pytest.fixture(autouse=True)
def _reset_broker():
    """Reset the broker connection between tests."""
    enqueueing.get_broker.cache_clear()
    yield
    enqueueing.get_broker.cache_clear()


@pytest.fixture
def start_worker(redis_db):
    """Return a function that starts a worker for the codes queue with a probe that records its arguments."""
    started = []

    def start_worker(work=lambda **ids: None):
        broker, received = brokers.build_broker(middleware=build_middleware()), []

        def record_call(**ids):
            received.append(ids)
            work(**ids)

        dramatiq.actor(record_call, broker=broker, queue_name="codes", actor_name="deliver", max_retries=0)
        worker = dramatiq.Worker(broker, queues={"codes"}, worker_threads=2)
        worker.start()
        started.append(worker)
        return received

    yield start_worker
    for worker in started:
        worker.stop()
        worker.broker.client.close()


def wait_until(condition, seconds=100):
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


def push_redis_message(server: redis.Redis, data: bytes | None, *, queue_name: str = "codes") -> str:
    """Push bytes as a message and return its id."""
    message_id = str(uuid.uuid4())
    if data is not None:
        server.hset(f"dramatiq:{queue_name}.msgs", message_id, data)
    server.rpush(f"dramatiq:{queue_name}", message_id)
    return message_id


def dead_letters(server: redis.Redis) -> int:
    return server.zcard("dramatiq:codes.XQ")


def test_a_message_carries_the_row_id_and_nothing_else(redis_db):
    delivery_id = uuid.uuid4()

    assert queue.enqueue_delivery(queue=Queue.CODES, delivery_id=delivery_id)

    [message] = redis_db.hvals("dramatiq:codes.msgs")
    message = json.loads(message)
    assert (message["actor_name"], message["args"], message["kwargs"]) == (
        "deliver",
        [],
        {"delivery_id": str(delivery_id)},
    )
    assert set(message["options"]) == {"redis_message_id"}
    assert queue.get_queue_length(Queue.CODES) == 1


def test_a_message_for_a_periodic_job_carries_its_name(redis_db):
    business_id = uuid.uuid4()

    assert queue.enqueue_job(
        "run_job_at_business",
        queue=Queue.BULK,
        job_name="tidy-up",
        max_age=timedelta(minutes=2),
        business_id=business_id,
    )

    [message] = map(json.loads, redis_db.hvals("dramatiq:bulk.msgs"))
    assert message["kwargs"] == {"business_id": str(business_id), "job_name": "tidy-up"}
    assert message["options"]["max_age"] == 120_000


def test_enqueuing_registers_no_worker(redis_db):
    queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4())

    assert sorted(redis_db.keys()) == [b"dramatiq:codes", b"dramatiq:codes.msgs"]


def test_an_unreachable_broker_costs_one_short_wait_and_then_nothing(settings, monkeypatch):
    monkeypatch.setattr(configured, "BROKER_URL", "redis://127.0.0.1:1/0")

    results = [queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4()) for _ in range(100)]

    assert not any(results)
    assert not enqueueing._breaker.allow_call()
    with pytest.raises(ConnectionError):
        queue.get_queue_length(Queue.CODES)


def test_a_broker_that_does_not_answer_costs_one_short_wait(monkeypatch):
    import socket

    monkeypatch.setattr(enqueueing, "TIMEOUT_SECONDS", TIMEOUT_SECONDS)
    with socket.create_server(("127.0.0.1", 0)) as silent_server:
        monkeypatch.setattr(configured, "BROKER_URL", f"redis://127.0.0.1:{silent_server.getsockname()[1]}/0")

        results = [queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4()) for _ in range(10)]

        assert not any(results)
        assert not enqueueing._breaker.allow_call()


def test_a_broker_that_comes_back_is_used_again(redis_db, monkeypatch):
    original_url = configured.BROKER_URL
    monkeypatch.setattr(configured, "BROKER_URL", "redis://127.0.0.1:1/0")
    now = [0.0]
    monkeypatch.setattr(
        enqueueing,
        "_breaker",
        CircuitBreaker("queue", failure_threshold=1, cooldown=timedelta(seconds=1), clock=lambda: now[0]),
    )
    assert not queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4())

    monkeypatch.setattr(configured, "BROKER_URL", original_url)
    enqueueing.get_broker.cache_clear()
    assert not queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4())
    now[0] = 1.0

    assert queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4())


@pytest.mark.parametrize(
    "invalid_message",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b'{"queue_name": "codes"}',
        None,
        {"actor_name": "nobody"},
        {"queue_name": "elsewhere"},
        {"kwargs": {"nonsense": 1, "more": []}, "args": [1, 2]},
        {"kwargs": []},
        {"options": []},
        {"options": {"redis_message_id": "x", "eta": "soon"}},
        {"message_id": 7},
    ],
    ids=repr,
)
def test_an_invalid_message_becomes_a_dead_letter_and_the_queue_goes_on(redis_db, start_worker, invalid_message):
    if isinstance(invalid_message, dict):
        message = dramatiq.Message("codes", "deliver", (), {"delivery_id": "1"}, {"redis_message_id": "x"}).asdict()
        invalid_message = json.dumps(message | invalid_message).encode()
    push_redis_message(redis_db, invalid_message)
    received = start_worker()

    wanted = [str(uuid.uuid4()) for _ in range(5)]
    for delivery_id in wanted:
        queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.UUID(delivery_id))

    wait_until(lambda: {ids.get("delivery_id") for ids in received} >= set(wanted))
    wait_until(lambda: redis_db.llen("dramatiq:codes") == 0)


@pytest.mark.parametrize("invalid_message", [b"{", {"actor_name": "nobody"}, {"queue_name": "elsewhere"}], ids=repr)
def test_an_invalid_message_is_kept_as_a_dead_letter(redis_db, start_worker, invalid_message):
    if isinstance(invalid_message, dict):
        fields = dramatiq.Message("codes", "deliver", (), {}, {}).asdict() | invalid_message
        message_id = str(uuid.uuid4())
        fields["options"] = {"redis_message_id": message_id}
        redis_db.hset("dramatiq:codes.msgs", message_id, json.dumps(fields))
        redis_db.rpush("dramatiq:codes", message_id)
    else:
        push_redis_message(redis_db, invalid_message)

    start_worker()

    wait_until(lambda: dead_letters(redis_db) == 1)
    wait_until(lambda: redis_db.hlen("dramatiq:codes.msgs") == 0)


def test_a_job_that_raises_leaves_no_exception_text_in_the_queue(redis_db):
    broker = brokers.build_broker(middleware=build_middleware())

    def fail_always(**ids):
        raise ValueError("ana@example.com 123456")

    dramatiq.actor(
        fail_always, broker=broker, queue_name="codes", actor_name="deliver", max_retries=3, min_backoff=60_000
    )
    worker = dramatiq.Worker(broker, queues={"codes"}, worker_threads=1)
    worker.start()
    queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4())
    try:
        wait_until(lambda: redis_db.hlen("dramatiq:codes.DQ.msgs") == 1)
        everything = b"".join(value for key in redis_db.keys("*msgs") for value in redis_db.hvals(key))
    finally:
        worker.stop()

    assert b"ana@example.com" not in everything
    assert b"123456" not in everything


@pytest.mark.parametrize("text", ["", "7", "x" * 36, None, 7, [], {}])
def test_an_invalid_id_is_refused(text):
    with pytest.raises(InvalidId):
        parse_id(text)


def test_a_job_runs_inside_its_business_or_not_at_all(acme, globex):
    from tenants.context import get_current_business
    from tenants.models import Business, BusinessStatus
    from workers.tenancy import business_scoped_actor

    seen = []
    actor = business_scoped_actor(
        queue_name="bulk", actor_name="look_around", broker=brokers.build_broker(middleware=build_middleware())
    )(lambda **ids: seen.append((get_current_business(), ids)))
    other = uuid.uuid4()

    actor.fn(business_id=str(acme.pk), row=str(other))
    assert seen == [(acme, {"row": other})]
    assert get_current_business() is None

    Business.objects.filter(pk=globex.pk).update(status=BusinessStatus.CLOSED)
    for gone in (str(globex.pk), str(uuid.uuid4())):
        with pytest.raises(BusinessNotFound):
            actor.fn(business_id=gone)
    assert len(seen) == 1


def test_a_job_that_raises_leaves_its_thread_in_public(acme):
    from tenants.context import get_current_business
    from workers.tenancy import business_scoped_actor

    actor = business_scoped_actor(
        queue_name="bulk", actor_name="stumble", broker=brokers.build_broker(middleware=build_middleware())
    )(lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        actor.fn(business_id=str(acme.pk))

    assert get_current_business() is None
