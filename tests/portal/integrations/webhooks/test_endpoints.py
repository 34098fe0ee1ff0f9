"""Tests of endpoints that several people, or a worker, change at once."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.integrations.webhooks import endpoints, replays
from portal.integrations.webhooks.models import DisabledReason, WebhookAttempt, WebhookEndpoint
from tenants.context import use_business
from tenants.models import WebhookDelivery, WebhookStream
from tenants.webhooks import streams

pytestmark = pytest.mark.django_db


def change(endpoint, *, business, now, is_enabled=True, description="CRM"):
    fields = {"url": endpoint.url, "event_types": [], "description": description, "is_enabled": is_enabled}
    endpoints.change_endpoint(endpoint=endpoint, business=business, staff=None, now=now, **fields)


def test_a_change_keeps_a_secret_that_was_replaced_meanwhile(acme, endpoint, clock):
    with use_business(acme):
        read_before = WebhookEndpoint.objects.get(pk=endpoint.pk)
        secret = endpoints.replace_secret(endpoint=endpoint, staff=None, now=clock())
        change(read_before, business=acme, now=clock())

        stored = WebhookEndpoint.objects.get(pk=endpoint.pk)
        assert (endpoints.list_signing_secrets(stored, now=clock())[0], stored.description) == (secret, "CRM")


def test_a_secret_that_was_replaced_meanwhile_signs_on_beside_the_newest(acme, endpoint, clock):
    with use_business(acme):
        read_before = WebhookEndpoint.objects.get(pk=endpoint.pk)
        first = endpoints.replace_secret(endpoint=endpoint, staff=None, now=clock())
        second = endpoints.replace_secret(endpoint=read_before, staff=None, now=clock())

        stored = WebhookEndpoint.objects.get(pk=endpoint.pk)
        assert endpoints.list_signing_secrets(stored, now=clock()) == [second, first]


def test_a_change_locks_the_stream_first_as_a_worker_does(acme, endpoint):
    """In the other order the two would wait for each other."""
    with use_business(acme), transaction.atomic(), CaptureQueriesContext(connection) as queries:
        endpoints.lock_endpoint(endpoint.pk)

    locked = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert ["tenants_webhookstream" in sql for sql in locked] == [True, False]


def test_an_endpoint_that_was_switched_off_meanwhile_is_on_again_in_full(acme, endpoint, clock):
    with use_business(acme):
        read_before = WebhookEndpoint.objects.get(pk=endpoint.pk)
        WebhookEndpoint.objects.update(is_enabled=False, disabled_reason=DisabledReason.FAILING)
        streams.delete_stream(endpoint.pk)
        change(read_before, business=acme, now=clock())

        stored = WebhookEndpoint.objects.get(pk=endpoint.pk)
    assert (stored.is_enabled, stored.disabled_reason) == (True, "")
    assert WebhookStream.objects.filter(pk=endpoint.pk).exists()


def test_an_endpoint_that_was_switched_on_meanwhile_is_off_again(acme, endpoint, clock):
    with use_business(acme):
        change(endpoint, business=acme, now=clock(), is_enabled=False)
        read_before = WebhookEndpoint.objects.get(pk=endpoint.pk)
        change(endpoint, business=acme, now=clock())
        change(read_before, business=acme, now=clock(), is_enabled=False)

        stored = WebhookEndpoint.objects.get(pk=endpoint.pk)
    assert (stored.is_enabled, stored.disabled_reason) == (False, DisabledReason.STAFF)
    assert not WebhookStream.objects.filter(pk=endpoint.pk).exists()


def test_why_an_endpoint_was_switched_off_meanwhile_stays(acme, endpoint, clock):
    with use_business(acme):
        read_before = WebhookEndpoint.objects.get(pk=endpoint.pk)
        WebhookEndpoint.objects.update(is_enabled=False, disabled_reason=DisabledReason.FAILING)
        change(read_before, business=acme, now=clock(), is_enabled=False)

        stored = WebhookEndpoint.objects.get(pk=endpoint.pk)
    assert (stored.is_enabled, stored.disabled_reason) == (False, DisabledReason.FAILING)


def test_a_secret_that_no_key_reads_is_said_to_be_unreadable(
    acme, endpoint, change_client, worker, sink, clock, settings
):
    change_client()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key" * 5, []
    worker.send_all_due()
    with use_business(acme):
        endpoints.refresh_endpoints(now=clock())
        errors = list(WebhookAttempt.objects.values_list("error", flat=True))

    assert (errors, sink.received) == (["unreadable-secret"], [])


def test_one_that_was_switched_off_meanwhile_has_three_days_again(acme, endpoint, change_client, sink, worker, clock):
    sink.answer = lambda _request: 500
    with use_business(acme):
        off = {"is_enabled": False, "disabled_reason": DisabledReason.FAILING}
        WebhookEndpoint.objects.update(failing_since=clock() - timedelta(days=4), **off)
        change(endpoint, business=acme, now=clock())
    change_client()
    worker.send_all_due()

    with use_business(acme):
        stored = WebhookEndpoint.objects.get(pk=endpoint.pk)
    assert (stored.is_enabled, stored.failing_since) == (True, clock())


@pytest.mark.parametrize("removes", [False, True])
def test_nothing_is_replayed_to_an_endpoint_that_was_switched_off_or_removed_meanwhile(
    acme, endpoint, change_client, clock, removes
):
    event_id = UUID(change_client())
    with use_business(acme):
        read_before = WebhookEndpoint.objects.get(pk=endpoint.pk)
        if removes:
            endpoints.remove_endpoint(endpoint=endpoint, staff=None, now=clock())
        else:
            change(endpoint, business=acme, now=clock(), is_enabled=False)
        fields = {"endpoint": read_before, "now": clock()}
        refused = WebhookEndpoint.DoesNotExist if removes else replays.EndpointDisabled
        with pytest.raises(refused):
            replays.replay_since(since=clock() - timedelta(hours=1), **fields)
        with pytest.raises(refused):
            replays.replay_event(event_id=event_id, **fields)
        with pytest.raises(refused):
            replays.send_test_event(**fields)

    assert not WebhookDelivery.objects.exists()
