"""Sending events again, and a test: for receivers that lost some, or were switched off."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from portal.activity.models import Entry
from portal.integrations.webhooks import endpoints
from portal.integrations.webhooks.events import create_test_event
from portal.integrations.webhooks.models import WebhookEndpoint, WebhookEvent
from tenants.models import WebhookDelivery
from tenants.raw_sql import build_insert_select
from tenants.webhooks import streams

# Older events are not sent again, and their log is deleted.
RETENTION = timedelta(days=30)

# Of what is still pending nothing is added: it will arrive anyway, in its order.
REPLAY = build_insert_select(
    WebhookDelivery,
    {
        "endpoint_id": "%(endpoint)s::uuid",
        "event_id": "e.id",
        "object_id": "COALESCE(e.client_id, e.subject_id, e.id)",
        "attempts": "0",
        "due_at": "%(now)s",
    },
    """FROM activity_entry e LEFT JOIN clients_client c ON c.id = e.client_id
    WHERE e.at >= %(since)s AND e.at <= %(now)s AND e.event_type = ANY(%(types)s) AND c.is_demo IS NOT TRUE
      AND NOT EXISTS (SELECT FROM tenants_webhookdelivery p WHERE p.endpoint_id = %(endpoint)s AND p.event_id = e.id)
    ORDER BY e.at, e.id""",
)


class EndpointDisabled(Exception):
    """Nothing is sent to an endpoint that is switched off."""


class EventNotFound(LookupError):
    """There is no such event, or it is too old."""


@transaction.atomic
def replay_since(*, endpoint: WebhookEndpoint, since: datetime, now: datetime) -> int:
    """Send all events since an instant again, also those that happened while nothing was sent; return how many.

    Raises EndpointDisabled and WebhookEndpoint.DoesNotExist.
    """
    _lock_enabled(endpoint)
    values: dict[str, Any] = {"endpoint": endpoint.pk, "types": endpoint.timeline_types, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(REPLAY, values | {"since": max(since, now - RETENTION)})
        return cursor.rowcount


@transaction.atomic
def replay_event(*, endpoint: WebhookEndpoint, event_id: UUID, now: datetime) -> None:
    """Send one event again, unless it is pending anyway. Raises as `replay_since`, and EventNotFound."""
    _lock_enabled(endpoint)
    entry = Entry.objects.exclude_demo().filter(pk=event_id, event_type__in=endpoint.timeline_types).first()
    if entry:
        object_id = entry.client_id or entry.subject_id or entry.pk
    elif endpoint.attempts.exclude_demo().filter(event=event_id).exists():
        object_id = event_id
    else:
        raise EventNotFound
    if not streams.list_pending(endpoint.pk).filter(event_id=event_id).exists():
        _enqueue(endpoint, event_id, object_id, now)


@transaction.atomic
def send_test_event(*, endpoint: WebhookEndpoint, now: datetime) -> WebhookEvent:
    """Send an event about nothing. Raises EndpointDisabled and WebhookEndpoint.DoesNotExist."""
    _lock_enabled(endpoint)
    event = create_test_event(now=now)
    _enqueue(endpoint, event.pk, event.pk, now)
    return event


def _lock_enabled(endpoint: WebhookEndpoint) -> None:
    """Lock an endpoint, so that of several replays at once the later ones see what the first has added.

    Raises EndpointDisabled, and WebhookEndpoint.DoesNotExist if it was removed meanwhile.
    """
    if not endpoints.lock_endpoint(endpoint.pk).is_enabled:
        raise EndpointDisabled


def _enqueue(endpoint: WebhookEndpoint, event_id: UUID, object_id: UUID, now: datetime) -> None:
    fields = {"event_id": event_id, "object_id": object_id}
    WebhookDelivery.objects.create(endpoint_id=endpoint.pk, attempts=0, due_at=now, **fields)
