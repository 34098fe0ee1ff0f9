"""Events as they are sent: built once from the timeline, before the first attempt, and the same ever after."""

import json
import logging
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, transaction

from portal.activity.models import Entry
from portal.clients.models import Client
from portal.integrations.webhooks.models import WebhookEvent
from tenants.nouns import registry
from tenants.nouns.api_declarations import WebhookEventType

log = logging.getLogger(__name__)

TEST_EVENT_TYPE = "webhook.test"


def load_events(event_ids: Collection[UUID], *, now: datetime) -> dict[UUID, WebhookEvent]:
    """Return these events by their keys, and build those that were never sent yet; some may be gone.

    They are committed before this returns, unless the caller has a transaction.
    """
    known = WebhookEvent.objects.in_bulk(event_ids)
    missing = [event_id for event_id in event_ids if event_id not in known]
    if not missing:
        return known
    entries = Entry.objects.exclude_demo().filter(pk__in=missing)
    with transaction.atomic():
        # An erasure that is under way is waited for: what is read afterwards is what it has left.
        clients = Client.objects.filter(pk__in=list(entries.values_list("client", flat=True)))
        list(clients.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        # Another worker may have built it for another endpoint; whichever came first is sent to both.
        WebhookEvent.objects.bulk_create([*_build_events(entries.all(), now)], ignore_conflicts=True)
    return WebhookEvent.objects.in_bulk(event_ids)


def create_test_event(*, now: datetime) -> WebhookEvent:
    """Add an event about nothing, for receivers to try."""
    data = {"message": "This is a test."}
    return WebhookEvent.objects.create(
        id=(event_id := uuid.uuid4()),
        event_type=TEST_EVENT_TYPE,
        at=now,
        body=_encode_body(event_id, TEST_EVENT_TYPE, now, data),
        created_at=now,
    )


@cache
def get_types_by_timeline_type() -> dict[str, WebhookEventType]:
    """Return the type of webhook that each type of timeline event is sent as."""
    declared = registry.get_webhook_event_types().values()
    return {str(event_type): each for each in declared for event_type in each.timeline_types}


def _build_events(entries: Iterable[Entry], now: datetime) -> Iterable[WebhookEvent]:
    by_type = defaultdict(list)
    for entry in entries:
        if declared := get_types_by_timeline_type().get(entry.event_type):
            by_type[declared].append(entry)
    for declared, group in by_type.items():
        objects = _build_objects(declared, group)
        for entry in group:
            data = {"client_id": entry.client_id} | objects.get(entry.pk, {})
            yield WebhookEvent(
                id=entry.pk,
                event_type=declared.name,
                at=entry.at,
                client_id=entry.client_id,
                body=_encode_body(entry.pk, declared.name, entry.at, data),
                created_at=now,
            )


def _build_objects(declared: WebhookEventType, entries: list[Entry]) -> dict[UUID, dict[str, Any]]:
    """Return what is sent of each entry; only the ids, if the noun's function fails: receivers can ask the API."""
    try:
        return registry.import_dotted_path(declared.build_data)(entries)
    except DatabaseError:
        raise
    except Exception:
        log.exception("the objects of %s can't be built", declared.name)
        return {}


def _encode_body(event_id: UUID, name: str, at: datetime, data: dict[str, Any]) -> str:
    body = {"id": event_id, "type": name, "timestamp": at, "data": data}
    return json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
