"""Replays that are asked for many times at once add each event once, and nothing for an endpoint that is off."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.integrations.webhooks import endpoints, replays
from portal.integrations.webhooks.models import WebhookEndpoint
from tenants.context import use_business
from tenants.models import WebhookDelivery
from tests.attacks.concurrent_tasks import run_concurrently

EVENTS, REPLAYS = 4000, 8


@pytest.fixture
def endpoint(committed_db, acme, ana) -> WebhookEndpoint:
    """An endpoint of Acme's with many events that are no longer pending."""
    now = timezone.now() - timedelta(minutes=1)
    with use_business(acme):
        endpoint = endpoints.add_endpoint(business=acme, url="https://hooks.example.com/", staff=None, now=now)
        Entry.objects.bulk_create(
            activity.build_entry(ClientEvent.CHANGED, at=now, client=ana) for _number in range(EVENTS)
        )
    WebhookDelivery.objects.all().delete()
    return endpoint


def test_replays_of_a_period_at_once_add_each_event_once(acme, endpoint):
    now, are_connected = timezone.now(), Barrier(REPLAYS)

    def replay(_number: int) -> int:
        connection.ensure_connection()
        are_connected.wait()
        with use_business(acme):
            return replays.replay_since(endpoint=endpoint, since=now - timedelta(hours=1), now=now)

    counts = run_concurrently(replay, range(REPLAYS))

    events = list(WebhookDelivery.objects.values_list("event_id", flat=True))
    assert len(events) == len(set(events)) >= EVENTS
    assert sorted(counts) == [0] * (REPLAYS - 1) + [len(events)]


def test_replays_of_an_event_at_once_add_it_once(acme, endpoint, ana):
    now, are_connected = timezone.now(), Barrier(REPLAYS)
    with use_business(acme):
        event = activity.record_event(ClientEvent.CHANGED, at=now, client=ana)
    WebhookDelivery.objects.all().delete()

    def replay(_number: int) -> None:
        connection.ensure_connection()
        are_connected.wait()
        with use_business(acme):
            replays.replay_event(endpoint=endpoint, event_id=event.pk, now=now)

    run_concurrently(replay, range(REPLAYS))

    assert [delivery.event_id for delivery in WebhookDelivery.objects.all()] == [event.pk]
