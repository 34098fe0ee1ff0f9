"""No webhook is lost when its worker dies, and no backlog of one business keeps those of another waiting."""

from collections import defaultdict

import pytest
from django.db import connection
from django.utils import timezone

from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.integrations.webhooks import endpoints
from portal.integrations.webhooks.models import WebhookEndpoint
from tenants.context import use_business
from tenants.models import Business, WebhookDelivery, WebhookStream
from tests.factories import ClientFactory
from tests.fakes.webhook_sink import WebhookSink
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.faults

BACKLOG = 100_000
# What a worker delivers in five seconds of its CPU: see benchmark 15.
FIVE_SECONDS_OF_WORK = 2_000
INSERT_ENTRIES = """
INSERT INTO activity_entry (id, at, event_type, actor, actor_name, data)
SELECT gen_random_uuid(), %(now)s, %(event_type)s, 'system', '', '{}' FROM generate_series(1, %(count)s)
"""


@pytest.fixture
def sink():
    with WebhookSink() as sink:
        yield sink


def add_endpoint(business: Business, sink: WebhookSink) -> WebhookEndpoint:
    """Add an endpoint at the sink."""
    with use_business(business):
        return endpoints.add_endpoint(business=business, url=sink.url, staff=None, now=timezone.now())


def add_backlog(business: Business, sink: WebhookSink) -> None:
    """Add an endpoint at the sink with a hundred thousand webhooks that are due."""
    endpoint = add_endpoint(business, sink)
    values = {"event_type": ClientEvent.CHANGED, "now": timezone.now(), "count": BACKLOG}
    with use_business(business), connection.cursor() as cursor:
        cursor.execute(INSERT_ENTRIES, values)
    assert WebhookDelivery.objects.filter(endpoint_id=endpoint.pk).count() == BACKLOG


def change_clients(business: Business, count: int) -> list[str]:
    """Record a change of each of some new clients, and return the events' ids."""
    with use_business(business):
        people = [ClientFactory() for _number in range(count)]
        return [str(activity.record_event(ClientEvent.CHANGED, at=timezone.now(), client=each).pk) for each in people]


def test_workers_killed_at_any_point_lose_no_webhook_and_repeat_the_same(processes, crash_at, acme, sink):
    endpoint = add_endpoint(acme, sink)
    events = change_clients(acme, 60)
    for point in ("after-claim", "after-2xx"):
        crash_at(point, endpoint.pk)
    for number, event_id in enumerate(events):
        if number % 6 == 0:
            crash_at("before-the-call" if number % 12 else "in-the-call", event_id)
    crash_at("before-commit", "any")

    def is_all_sent() -> bool:
        # The lease of a worker that was killed ends some time; the test needn't wait for that.
        WebhookStream.objects.filter(leased_until__isnull=False).update(leased_until=timezone.now())
        return not WebhookDelivery.objects.exists() and not crash_at.pending()

    processes.run_module("crashing", "tests.faults.crashing_webhook_workers")
    wait_until(is_all_sent, what="every webhook sent")

    bodies = defaultdict(set)
    for request in sink.received:
        bodies[request.event_id].add(request.body)
    assert set(bodies) == set(events)
    assert {len(each) for each in bodies.values()} == {1}


def test_100_000_webhooks_of_one_business_delay_no_other_s(processes, acme, globex, sink):
    with WebhookSink() as busy:
        add_backlog(acme, busy)
        add_endpoint(globex, sink)
        processes.start("webhooks")
        wait_until(lambda: busy.received, what="the backlog is being sent")
        already_sent = len(busy.received)
        [event_id] = change_clients(globex, 1)
        wait_until(lambda: sink.received, what="the other business's webhook")

        assert sink.event_ids == [event_id]
        assert len(busy.received) - already_sent < FIVE_SECONDS_OF_WORK


def test_a_code_is_delivered_while_a_backlog_of_webhooks_stands(
    processes, accepted_mails, acme, globex, sink, create_client_with_email, request_code_directly
):
    address = create_client_with_email(globex, "bo@example.com")
    add_backlog(acme, sink)
    processes.start("webhooks", "codes-1")
    wait_until(lambda: sink.received, what="the backlog is being sent")
    request_code_directly(globex, address)
    wait_until(lambda: accepted_mails.has_recipient(address), what="the code")

    assert WebhookDelivery.objects.count() > BACKLOG // 2


def test_receivers_that_hang_keep_no_other_business_waiting(processes, acme, globex, sink):
    with WebhookSink() as hanging:
        hanging.answer = lambda _request: lambda _file: hanging.stop.wait(60)
        for _number in range(endpoints.MAX_ENDPOINTS):
            add_endpoint(acme, hanging)
        change_clients(acme, 5)
        add_endpoint(globex, sink)
        processes.start("webhooks")
        wait_until(lambda: len(hanging.received) >= 4, what="receivers that hang")
        [event_id] = change_clients(globex, 1)
        wait_until(lambda: sink.received, what="the other business's webhook")
        assert sink.event_ids == [event_id]
        # Of ten receivers that hang, four are waited for at a time.
        assert len({request.headers["webhook-id"] for request in hanging.received}) <= 5
