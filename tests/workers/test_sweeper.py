"""The sweeper finds every pending delivery and gives each business its share."""

import threading
import time
import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from tenants import outbox
from tenants.models import Business, Delivery, DeliveryState, Queue
from tests.fakes.provider_faults import SimultaneousFaultScript
from workers import delivery_thread_pool, queue, sweeper
from workers.sweeper import Sweeper


@pytest.fixture
def enqueued_deliveries(monkeypatch) -> list:
    """The deliveries that were enqueued, without a broker."""
    calls = []
    monkeypatch.setattr(queue, "get_queue_length", lambda queue: 0)
    monkeypatch.setattr(
        queue, "enqueue_delivery", lambda *, queue, delivery_id: calls.append((queue, delivery_id)) or True
    )
    return calls


@pytest.fixture
def broker_down(monkeypatch):
    """A broker that is unreachable."""

    def raise_connection_error(queue):
        raise ConnectionError

    monkeypatch.setattr(queue, "get_queue_length", raise_connection_error)


def sweep_once(now) -> None:
    """Do one round of all queues at a given time."""
    instance = Sweeper(clock=lambda: now)
    instance.sweep_codes_queue()
    instance.sweep_other_queues()


def create_deliveries(business: Business, number: int, *, queue: Queue, now) -> None:
    """Create many pending deliveries without messages."""
    Delivery.objects.bulk_create(
        Delivery(
            business=business,
            message_id=uuid.uuid4(),
            queue=queue,
            channel="email",
            created_at=now,
            due_at=now,
            deadline_at=now + timedelta(hours=1),
        )
        for _ in range(number)
    )


def test_an_unclaimed_code_is_enqueued_again_after_a_delay(acme, create_delivery, enqueued_deliveries, now):
    delivery = create_delivery(acme, queue=Queue.CODES)

    sweep_once(now + timedelta(seconds=1))
    assert enqueued_deliveries == []
    sweep_once(now + timedelta(seconds=1.5))
    assert enqueued_deliveries == [(Queue.CODES, delivery.pk)]


def test_an_enqueued_delivery_is_not_enqueued_again_for_a_while(acme, create_delivery, enqueued_deliveries, now):
    create_delivery(acme, queue=Queue.CODES)

    for seconds in (2, 3, 4, 5, 6, 7):
        sweep_once(now + timedelta(seconds=seconds))

    assert len(enqueued_deliveries) == 2


def test_a_leased_completed_or_future_delivery_is_not_enqueued(acme, create_delivery, enqueued_deliveries, now):
    held, completed, later = (create_delivery(acme, queue=Queue.CODES) for _ in range(3))
    outbox.claim_delivery(held.pk, now + timedelta(seconds=10))
    outbox.complete_delivery(
        outbox.claim_delivery(completed.pk, now), state=DeliveryState.ACCEPTED, provider="", reason="", now=now
    )
    outbox.reschedule_delivery(outbox.claim_delivery(later.pk, now), reason="busy", until=now + timedelta(minutes=1))

    sweep_once(now + timedelta(seconds=20))

    assert enqueued_deliveries == []


def test_a_delivery_whose_worker_died_is_enqueued_and_can_be_claimed(acme, create_delivery, enqueued_deliveries, now):
    delivery = create_delivery(acme)
    outbox.claim_delivery(delivery.pk, now)
    later = now + timedelta(seconds=15)

    sweep_once(later)

    assert enqueued_deliveries == [(Queue.NOTICES, delivery.pk)]
    assert outbox.claim_delivery(delivery.pk, later).attempt == 2


def test_every_business_gets_the_same_share(acme, globex, now):
    create_deliveries(acme, 3_000, queue=Queue.NOTICES, now=now)
    create_deliveries(globex, 20, queue=Queue.NOTICES, now=now + timedelta(seconds=1))

    leased = outbox.lease_due_deliveries(Queue.NOTICES, now + timedelta(seconds=2), 100)

    shares = Counter(Delivery.objects.filter(pk__in=leased).values_list("business", flat=True))
    assert shares[globex.pk] == 20
    assert 40 <= shares[acme.pk] <= 80


def test_the_queue_never_exceeds_its_maximum_length(acme, enqueued_deliveries, now, monkeypatch):
    create_deliveries(acme, 3_000, queue=Queue.BULK, now=now)
    monkeypatch.setattr(queue, "get_queue_length", lambda queue: len(enqueued_deliveries))

    for _ in range(5):
        sweep_once(now)

    assert len(enqueued_deliveries) == sweeper.MAX_QUEUE_LENGTH


def count_scanned_rows(queue: Queue, now, limit: int) -> int:
    """Return how many rows of deliveries PostgreSQL reads to lease some."""
    with connection.cursor() as cursor:
        monitored = f"EXPLAIN (ANALYZE, FORMAT JSON) {outbox._LEASE_DUE}"
        times = {
            "now": now,
            "due": now - outbox.SWEEP_DELAY[queue],
            "leased_until": now + outbox.VISIBILITY_TIMEOUT[queue],
        }
        cursor.execute(monitored, {"queue": str(queue), "limit": limit, **times})
        steps, seen = [cursor.fetchone()[0][0]["Plan"]], 0
        while steps:
            step = steps.pop()
            steps += step.get("Plans", [])
            if step.get("Relation Name") == "tenants_delivery" and "Scan" in step["Node Type"]:
                looked_at = step["Actual Rows"] + step.get("Rows Removed by Filter", 0)
                seen += looked_at * step["Actual Loops"]
    return round(seen)


def test_many_notices_of_one_business_make_no_sweep_slower(acme, globex, now):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenants_delivery (id, business_id, message_id, queue, channel, state, attempt, calls, "
            "provider,"
            " reason, created_at, due_at, deadline_at) SELECT gen_random_uuid(), %(business)s, gen_random_uuid(),"
            " 'notices', 'email', 10, 0, 0, '', '', %(now)s, %(now)s, %(now)s FROM generate_series(1, 30000)",
            {"business": acme.pk, "now": now},
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tenants_delivery")

    assert count_scanned_rows(Queue.NOTICES, now, 100) <= 500
    assert count_scanned_rows(Queue.CODES, now + timedelta(seconds=5), 100) <= 10
    assert len(outbox.lease_due_deliveries(Queue.NOTICES, now, 1_000)) == 1_000
    assert outbox.lease_due_deliveries(Queue.CODES, now + timedelta(seconds=5), 1_000) == []


def test_two_sweepers_never_lease_the_same_delivery(committed_db, acme, now):
    create_deliveries(acme, 400, queue=Queue.NOTICES, now=now)
    leased, ready = [], threading.Barrier(4)

    def lease_repeatedly():
        ready.wait()
        for _ in range(10):
            leased.extend(outbox.lease_due_deliveries(Queue.NOTICES, now, 20))
        connection.close()

    threads = [threading.Thread(target=lease_repeatedly) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(leased) == len(set(leased)) > 0


@pytest.mark.usefixtures("broker_down", "committed_db")
def test_without_a_broker_the_sweeper_sends_by_itself(acme, create_delivery, sendgrid, now):
    delivery = create_delivery(acme, queue=Queue.CODES)
    instance = Sweeper(clock=lambda: now + timedelta(seconds=2))

    instance.sweep_codes_queue()
    instance.stop()

    delivery.refresh_from_db()
    assert (len(sendgrid.mails), delivery.state) == (1, DeliveryState.ACCEPTED)


@pytest.mark.usefixtures("committed_db")
def test_a_delivery_that_could_not_be_enqueued_is_sent_at_once(acme, create_delivery, sendgrid, now, monkeypatch):
    monkeypatch.setattr(queue, "get_queue_length", lambda queue: 0)
    monkeypatch.setattr(queue, "enqueue_delivery", lambda **_: False)
    delivery = create_delivery(acme, queue=Queue.CODES)
    instance = Sweeper(clock=lambda: now + timedelta(seconds=2))

    instance.sweep_codes_queue()
    instance.stop()

    delivery.refresh_from_db()
    assert (len(sendgrid.mails), delivery.state) == (1, DeliveryState.ACCEPTED)


@pytest.mark.usefixtures("broker_down", "committed_db")
def test_without_a_broker_codes_are_sent_in_parallel(acme, create_delivery, sendgrid, now, monkeypatch):
    side_by_side = sweeper.FALLBACK_THREADS[Queue.CODES]
    assert side_by_side > 1
    for number in range(2 * side_by_side):
        create_delivery(acme, queue=Queue.CODES, to=f"client-{number}@example.com")
    monkeypatch.setattr(sendgrid, "script", SimultaneousFaultScript(side_by_side))
    instance = Sweeper(clock=lambda: now + timedelta(seconds=2))

    instance.sweep_codes_queue()
    while instance._fallback_pools[Queue.CODES].remaining_capacity < delivery_thread_pool.MAX_PENDING:
        time.sleep(0.01)
    instance.stop()

    assert len(sendgrid.mails) == len(sendgrid.requests) == 2 * side_by_side


def test_a_step_that_fails_does_not_stop_the_others(acme, create_delivery, enqueued_deliveries, now, monkeypatch):
    real = outbox.lease_due_deliveries

    def raise_operational_error(queue, now, limit):
        if queue == Queue.CODES:
            raise OperationalError("gone away: ana@example.com")
        return real(queue, now, limit)

    monkeypatch.setattr(outbox, "lease_due_deliveries", raise_operational_error)
    monkeypatch.setattr(connection, "close", lambda: None)
    delivery = create_delivery(acme)

    sweep_once(now)

    assert enqueued_deliveries == [(Queue.NOTICES, delivery.pk)]


def test_a_pending_event_is_applied(acme, create_delivery, enqueued_deliveries, now):
    from tenants import provider_events
    from tests.workers.test_provider_events import build_provider_event

    delivery = create_delivery(acme)
    provider_events.store_events([build_provider_event(delivery, DeliveryState.DELIVERED, now=now)])

    sweep_once(now + timedelta(seconds=3))

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED
