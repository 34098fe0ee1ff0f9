"""Tests that every endpoint has its turn, whatever is pending for another."""

import uuid
from datetime import timedelta

import pytest

from tenants.models import BusinessStatus, WebhookDelivery
from tenants.webhooks import streams


@pytest.fixture
def add_stream(now):
    """Return a function that adds a stream with due webhooks of different objects."""

    def add_stream(business, *, due=1):
        endpoint_id = uuid.uuid4()
        streams.create_stream(business_id=business.pk, endpoint_id=endpoint_id)
        WebhookDelivery.objects.bulk_create(
            WebhookDelivery(endpoint_id=endpoint_id, event_id=uuid.uuid4(), object_id=uuid.uuid4(), due_at=now)
            for _number in range(due)
        )
        return endpoint_id

    return add_stream


def test_a_backlog_of_one_business_doesn_t_delay_another_s(acme, globex, add_stream, now):
    busy, quiet = add_stream(acme, due=5 * streams.BATCH_SIZE), add_stream(globex)
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
