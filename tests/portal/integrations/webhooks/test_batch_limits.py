"""Tests that an endpoint is judged at every attempt, and of how long a batch lasts and what ends it."""

import socket
import threading

import pytest
from django.db import transaction

from portal.integrations.webhooks import batches
from portal.integrations.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookEvent
from tenants.context import use_business
from tenants.models import WebhookDelivery
from tenants.webhooks import http_client, streams
from tests.factories import ClientFactory
from tests.fakes.fake_dns_server import FakeDnsServer

pytestmark = pytest.mark.django_db


def list_errors(business):
    """Return the status and error of each attempt."""
    with use_business(business):
        return list(WebhookAttempt.objects.values_list("status", "error"))


def test_nothing_is_sent_to_a_name_that_has_got_a_private_address_since(
    acme, endpoint, change_client, sink, worker, settings
):
    settings.DEMO = False
    with use_business(acme):
        WebhookEndpoint.objects.update(url=sink.url.replace("http://127.0.0.1", "https://hooks.example.com"))
    change_client()
    with FakeDnsServer() as name_server:
        settings.DNS_RESOLVER = name_server.address
        name_server.set_record("hooks.example.com", "A", "127.0.0.1")
        worker.send_all_due()

    assert list_errors(acme) == [(None, "private-address")]
    assert sink.received == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_is_no_success(acme, endpoint, change_client, sink, worker, status):
    sink.answer = lambda _request: status
    change_client()
    worker.send_all_due()

    assert list_errors(acme) == [(status, "")]
    assert len(sink.received) == 1


def test_an_attempt_has_five_seconds_in_all(endpoint, change_client, worker, monkeypatch):
    given = []

    def post(*_to, timeout, **_rest):
        given.append(timeout)
        return http_client.WebhookResponse(status=200)

    monkeypatch.setattr(batches, "post_webhook", post)
    change_client()
    worker.send_all_due()

    assert len(given) == 1
    assert 1 <= given[0] <= 5


def test_a_batch_ends_when_an_event_gets_no_answer(acme, endpoint, change_client, clock, monkeypatch):
    given = []

    def post(*_to, headers, **_rest):
        given.append(headers["webhook-id"])
        return http_client.WebhookResponse(error="timeout")

    monkeypatch.setattr(batches, "post_webhook", post)
    with use_business(acme):
        people = [ClientFactory() for _number in range(20)]
    for person in people:
        change_client(person)
    batches.send_batch(streams.claim_stream(clock()), clock=clock)

    assert 1 <= len(given) <= batches.PARALLEL_REQUESTS
    assert WebhookDelivery.objects.count() == 20


def test_nothing_is_begun_after_the_time_of_a_batch(endpoint, change_client, clock, sink, monkeypatch):
    monkeypatch.setattr(batches, "BATCH_SECONDS", -1.0)
    change_client()

    assert batches.send_batch(streams.claim_stream(clock()), clock=clock) == 0
    assert sink.received == []
    assert WebhookDelivery.objects.get().attempts == 0


def test_of_an_event_that_is_erased_while_it_is_sent_nothing_is_recorded(
    acme, endpoint, change_client, worker, monkeypatch
):
    def post(*_to, **_rest):
        WebhookEvent.objects.all().delete()
        return http_client.WebhookResponse(status=200)

    monkeypatch.setattr(batches, "post_webhook", post)
    change_client()
    worker.send_all_due()

    assert list_errors(acme) == []
    assert not WebhookDelivery.objects.exists()


def test_what_came_of_a_lost_lease_is_not_recorded(acme, endpoint, change_client, sink, clock):
    change_client()
    lost = streams.claim_stream(clock())
    clock.move(seconds=streams.LEASE.total_seconds())
    successor = streams.claim_stream(clock())
    batches.send_batch(lost, clock=clock)

    assert len(sink.received) == 1
    assert list_errors(acme) == []
    assert WebhookDelivery.objects.count() == 1
    batches.send_batch(successor, clock=clock)
    assert list_errors(acme) == [(200, "")]
    assert sink.received[0].body == sink.received[1].body
    assert sink.received[0].event_id == sink.received[1].event_id


def test_a_worker_that_lost_its_lease_leaves_the_stream_of_an_endpoint(acme, endpoint, change_client, clock):
    change_client()
    late = streams.claim_stream(clock())
    streams.delete_stream(endpoint.pk)
    streams.create_stream(business_id=acme.pk, endpoint_id=endpoint.pk)
    event_id = change_client()
    with use_business(acme):
        # What the worker reads before the endpoint is on again.
        WebhookEndpoint.objects.update(is_enabled=False, disabled_reason="staff")
    assert batches.send_batch(late, clock=clock) == 0

    assert [str(each.event_id) for each in WebhookDelivery.objects.all()] == [event_id]
    assert streams.claim_stream(clock()).endpoint_id == endpoint.pk


def test_of_several_addresses_a_batch_goes_on_with_the_one_that_was_reached(
    acme, endpoint, change_client, sink, clock, monkeypatch
):
    tried, connect = [], socket.create_connection

    def record_and_connect(address, **options):
        tried.append(address[0])
        return connect(address, **options)

    monkeypatch.setattr(socket, "create_connection", record_and_connect)
    monkeypatch.setattr(batches, "resolve_destination", lambda _destination: ["::1", "127.0.0.1"])
    monkeypatch.setattr(batches, "PARALLEL_REQUESTS", 1)
    with use_business(acme):
        people = [ClientFactory() for _number in range(2)]
    for person in people:
        change_client(person)

    assert batches.send_batch(streams.claim_stream(clock()), clock=clock) == 2
    assert [address for address in tried if address in ("::1", "127.0.0.1")][-3:] == ["::1", "127.0.0.1", "127.0.0.1"]
    assert len(sink.received) == 2


def test_only_the_thread_of_a_batch_asks_the_clock(acme, endpoint, change_client, sink, clock):
    asking = set()

    def ask():
        asking.add(threading.get_ident())
        return clock()

    with use_business(acme):
        people = [ClientFactory() for _number in range(3)]
    for person in people:
        change_client(person)

    assert batches.send_batch(streams.claim_stream(clock()), clock=ask) == 3
    assert asking == {threading.get_ident()}


def test_a_chunk_of_less_than_no_bytes_is_recorded_and_not_sent_again_and_again(
    acme, endpoint, change_client, sink, worker
):
    answer = b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n"
    sink.answer = lambda _request: lambda file: file.write(answer)
    change_client()
    worker.send_all_due()

    assert list_errors(acme) == [(500, "")]


def test_the_stream_of_an_endpoint_that_is_gone_is_deleted(acme, endpoint, change_client, worker):
    change_client()
    with use_business(acme), transaction.atomic():
        WebhookEndpoint.objects.all().delete()

    assert worker.send_all_due() == 0
    assert streams.claim_stream(worker._clock()) is None
    assert not WebhookDelivery.objects.exists()
