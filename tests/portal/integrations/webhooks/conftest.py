"""Fixtures of webhooks: a receiver, an endpoint at it, and a worker with a clock that a test moves."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.integrations.webhooks import endpoints
from portal.integrations.webhooks.models import WebhookEndpoint
from portal.integrations.webhooks.worker import WebhookWorker
from tenants.context import use_business
from tests.fakes.webhook_sink import WebhookSink


class MovableClock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now

    def move(self, **duration: float) -> None:
        """Move it forward."""
        self.now += timedelta(**duration)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def sink() -> Iterator[WebhookSink]:
    with WebhookSink() as sink:
        yield sink


@pytest.fixture
def worker(clock) -> WebhookWorker:
    return WebhookWorker(clock=clock)


@pytest.fixture
def endpoint(acme, sink, clock) -> WebhookEndpoint:
    """An endpoint of Acme's that gets everything."""
    with use_business(acme):
        return endpoints.add_endpoint(business=acme, url=sink.url, staff=None, now=clock())


@pytest.fixture
def change_client(ana, acme, clock) -> Callable[..., str]:
    """Return a function that records a change of a client, Ana unless told, and returns the event's id."""

    def change_client(client=ana, event_type=ClientEvent.CHANGED, **data) -> str:
        with use_business(acme):
            return str(activity.record_event(event_type, at=clock(), client=client, **data).pk)

    return change_client
