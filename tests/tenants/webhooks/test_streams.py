"""Tests that every endpoint has its turn, whatever is pending for another."""

import uuid
from datetime import timedelta

import pytest

from tenants.models import BusinessStatus, WebhookDelivery
from tenants.webhooks import streams


@pytest.fixture
def add_stream(now):
    """Return a function that adds a stream with due webhooks of different objects."""

    def add_stream(business, *, due=1, endpoint_id=None):
        endpoint_id = endpoint_id or uuid.uuid4()
        streams.create_stream(business_id=business.pk, endpoint_id=endpoint_id)
        WebhookDelivery.objects.bulk_create(
            WebhookDelivery(endpoint_id=endpoint_id, event_id=uuid.uuid4(), object_id=uuid.uuid4(), due_at=now)
            for _number in range(due)
        )
        return endpoint_id

    return add_stream


def test_a_backlog_of_one_business_doesn_t_delay_another_s(acme, globex, add_stream, now):
    # In every other order, such as that of the ids, the busy one comes first.
    busy = add_stream(acme, due=5 * streams.BATCH_SIZE, endpoint_id=uuid.UUID(int=1))
    quiet = add_stream(globex, endpoint_id=uuid.UUID(int=2))
    served = []
    for _turn in range(4):
        claim = streams.claim_stream(now)
        served.append(claim.endpoint_id)
        streams.release_stream(claim, reached=True, now=now)
        if claim.endpoint_id == quiet:
            WebhookDelivery.objects.filter(endpoint_id=quiet).delete()

    assert quiet in served[:2]
    assert served.count(busy) == 3


def test_a_business_has_only_so_many_streams_leased_at_once(acme, globex, add_stream, now):
    for _number in range(10):
        add_stream(acme)
    quiet = add_stream(globex)
    claims = [claim for _number in range(8) if (claim := streams.claim_stream(now))]

    assert len(claims) == streams.MAX_STREAMS_PER_BUSINESS + 1
    assert quiet in {claim.endpoint_id for claim in claims}


def test_a_stream_is_leased_once(acme, add_stream, now):
    add_stream(acme)

    assert streams.claim_stream(now)
    assert streams.claim_stream(now) is None
    assert streams.claim_stream(now + streams.LEASE)


def test_a_lease_that_was_lost_ends_nothing(acme, add_stream, now):
    add_stream(acme)
    lost = streams.claim_stream(now)
    streams.claim_stream(now + streams.LEASE)

    assert not streams.release_stream(lost, reached=True, now=now)


def test_an_endpoint_that_is_not_reached_is_left_alone_for_longer_and_longer(acme, add_stream, now):
    add_stream(acme)
    for pause in (2, 4, 8, 16, 32, 60, 60):
        claim = streams.claim_stream(now)
        streams.release_stream(claim, reached=False, now=now)
        now += timedelta(seconds=pause)
        assert streams.claim_stream(now - timedelta(milliseconds=1)) is None


def test_an_endpoint_that_was_not_reached_is_tried_with_one_webhook(acme, add_stream, now):
    add_stream(acme, due=5)
    streams.release_stream(streams.claim_stream(now), reached=False, now=now)
    now += streams.LONGEST_PAUSE

    assert len(streams.list_due_deliveries(streams.claim_stream(now), now)) == 1


@pytest.mark.parametrize("status", [BusinessStatus.SUSPENDED, BusinessStatus.CLOSED])
def test_nothing_leaves_a_business_that_is_not_active(acme, add_stream, now, status):
    add_stream(acme)
    type(acme).objects.filter(pk=acme.pk).update(status=status)

    assert streams.claim_stream(now) is None


def test_webhooks_without_a_stream_are_deleted(acme, add_stream, now):
    endpoint_id = add_stream(acme)
    streams.WebhookStream.objects.filter(pk=endpoint_id).delete()
    kept = add_stream(acme)

    assert streams.purge_orphaned_deliveries(10) == 1
    assert WebhookDelivery.objects.get().endpoint_id == kept


def test_webhooks_that_wait_for_an_earlier_one_of_their_object_are_due_when_it_is(acme, add_stream, now):
    add_stream(acme, due=3)
    first, second, other = WebhookDelivery.objects.order_by("pk")
    WebhookDelivery.objects.filter(pk=first.pk).update(due_at=now + timedelta(minutes=2))
    WebhookDelivery.objects.filter(pk=second.pk).update(object_id=first.object_id)
    streams.postpone_held_up_deliveries(streams.claim_stream(now), now)

    due = dict(WebhookDelivery.objects.values_list("pk", "due_at"))
    assert due == {first.pk: now + timedelta(minutes=2), second.pk: now + timedelta(minutes=2), other.pk: now}


def test_nothing_sent_says_nothing_of_an_endpoint_that_was_not_reached(acme, add_stream, now):
    add_stream(acme)
    streams.release_stream(streams.claim_stream(now), reached=False, now=now)
    now += streams.LONGEST_PAUSE
    streams.release_stream(streams.claim_stream(now), reached=None, now=now)

    assert streams.claim_stream(now).failures == 1


class TestLongestWait:
    """How long streams have waited for a worker."""

    def test_without_due_webhooks_nobody_waits(self, acme, add_stream, now):
        add_stream(acme)
        assert streams.compute_longest_wait(now - timedelta(seconds=1)) == timedelta()

    def test_a_stream_waits_since_its_oldest_webhook_is_due(self, acme, globex, add_stream, now):
        add_stream(acme, due=2)
        WebhookDelivery.objects.filter(pk=WebhookDelivery.objects.first().pk).update(due_at=now - timedelta(minutes=5))
        add_stream(globex)
        assert streams.compute_longest_wait(now) == timedelta(minutes=5)

    def test_a_backlog_waits_since_a_worker_was_there(self, acme, add_stream, now):
        add_stream(acme)
        claim = streams.claim_stream(now + timedelta(minutes=3))
        streams.release_stream(claim, reached=True, now=now + timedelta(minutes=3))
        assert streams.compute_longest_wait(now + timedelta(minutes=4)) == timedelta(minutes=1)

    def test_a_stream_that_a_worker_has_doesn_t_wait(self, acme, add_stream, now):
        add_stream(acme)
        later = now + timedelta(minutes=3)
        streams.claim_stream(later)
        assert streams.compute_longest_wait(later) == timedelta()
        assert streams.compute_longest_wait(later + streams.LEASE) == streams.LEASE

    def test_an_endpoint_that_was_not_reached_waits_from_the_end_of_its_pause(self, acme, add_stream, now):
        add_stream(acme)
        streams.release_stream(streams.claim_stream(now), reached=False, now=now)
        assert streams.compute_longest_wait(now + timedelta(seconds=1)) == timedelta()
        assert streams.compute_longest_wait(now + timedelta(seconds=12)) == timedelta(seconds=10)

    def test_a_suspended_business_waits_for_no_worker(self, acme, add_stream, now):
        add_stream(acme)
        type(acme).objects.filter(pk=acme.pk).update(status=BusinessStatus.SUSPENDED)
        assert streams.compute_longest_wait(now + timedelta(hours=1)) == timedelta()
