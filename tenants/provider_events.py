"""What did providers tell us that we have not acted on yet?

An event is stored before it is applied, and once per event id: providers repeat
themselves, and we may die in between.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from tenants.models import ProviderEvent

# Whoever stored an event rings for it; the sweeper looks only at those left lying, and gives up after a day.
SWEEP_DELAY = timedelta(seconds=2)
MAX_AGE = timedelta(days=1)

_STORE = """
INSERT INTO tenants_providerevent
       (id, provider, provider_event_id, delivery_id, state, reason, happened_at, received_at)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::int[], %s::text[], %s::timestamptz[], %s::timestamptz[])
    ON CONFLICT (provider, provider_event_id) DO NOTHING
RETURNING id
"""
_COLUMNS = ["id", "provider", "provider_event_id", "delivery_id", "state", "reason", "happened_at", "received_at"]


def store(events: Sequence[ProviderEvent]) -> list[UUID]:
    """Store events in one statement and return the ids of those we had not heard before."""
    if not events:
        return []
    # Two copies of a batch at once would deadlock, were each to take the same keys in an order of its own.
    events = sorted(events, key=lambda event: event.provider_event_id)
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [[getattr(event, column) for event in events] for column in _COLUMNS])
        return [event_id for (event_id,) in cursor.fetchall()]


def mark_applied(event_id: UUID, now: datetime) -> ProviderEvent | None:
    """Mark an event applied and return it; None when it is already. Call it inside the transaction that applies it."""
    if not ProviderEvent.objects.filter(pk=event_id, applied_at=None).update(applied_at=now):
        return None
    return ProviderEvent.objects.get(pk=event_id)


def list_pending(now: datetime, limit: int) -> list[UUID]:
    """Return the oldest events that nobody applied in good time."""
    pending = ProviderEvent.objects.filter(applied_at=None, received_at__range=(now - MAX_AGE, now - SWEEP_DELAY))
    return list(pending.order_by("received_at").values_list("pk", flat=True)[:limit])


def purge(before: datetime, limit: int) -> int:
    """Delete at most `limit` events received before an instant; return how many."""
    old = ProviderEvent.objects.filter(received_at__lt=before).values("pk")[:limit]
    deleted, _ = ProviderEvent.objects.filter(pk__in=old).delete()
    return deleted
