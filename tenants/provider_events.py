"""Stores the webhook events of providers and hands out those not yet applied.

An event is stored before it is applied, and once per event id: providers repeat events, and a process may crash
between the two steps.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from django.db import connection

from tenants.models import ProviderEvent
from tenants.raw_sql import check_model_columns, get_column_type, quote_table

# The process that stores an event enqueues it; the sweeper takes what is still pending after this time, for a day.
SWEEP_DELAY = timedelta(seconds=2)
MAX_AGE = timedelta(days=1)

# An event is stored without the time at which it is applied.
STORED_COLUMNS = ("id provider provider_event_id delivery_id matched_by state reason happened_at received_at").split()
check_model_columns(ProviderEvent, [*STORED_COLUMNS, "applied_at"])


def store_events(events: Sequence[ProviderEvent]) -> list[UUID]:
    """Store events in one statement and return the ids of those that are new."""
    if not events:
        return []
    # Sorted, so that two copies of a batch take the unique keys in the same order and can't deadlock.
    events = sorted(events, key=lambda event: event.provider_event_id)
    with connection.cursor() as cursor:
        cursor.execute(
            _build_store_statement(), [[getattr(event, column) for event in events] for column in STORED_COLUMNS]
        )
        return [event_id for (event_id,) in cursor.fetchall()]


@cache
def _build_store_statement() -> str:
    """Return the INSERT of events from an array for each column, without those that are stored already."""
    arrays = ", ".join(f"%s::{get_column_type(ProviderEvent, column)}[]" for column in STORED_COLUMNS)
    return (
        f"INSERT INTO {quote_table(ProviderEvent)} ({', '.join(STORED_COLUMNS)}) SELECT * FROM unnest({arrays}) "
        "ON CONFLICT (provider, provider_event_id) DO NOTHING RETURNING id"
    )


def mark_event_applied(event_id: UUID, now: datetime) -> ProviderEvent | None:
    """Mark an event as applied and return it; None if it already was. Call it in the transaction that applies it."""
    if not ProviderEvent.objects.filter(pk=event_id, applied_at=None).update(applied_at=now):
        return None
    return ProviderEvent.objects.get(pk=event_id)


def list_pending_events(now: datetime, limit: int) -> list[UUID]:
    """Return the ids of the oldest events that were not applied within SWEEP_DELAY."""
    pending = ProviderEvent.objects.filter(applied_at=None, received_at__range=(now - MAX_AGE, now - SWEEP_DELAY))
    return list(pending.order_by("received_at").values_list("pk", flat=True)[:limit])


def purge_provider_events(before: datetime, limit: int) -> int:
    """Delete at most `limit` events received before an instant; return how many."""
    old = ProviderEvent.objects.filter(received_at__lt=before).values("pk")[:limit]
    deleted, _ = ProviderEvent.objects.filter(pk__in=old).delete()
    return deleted
