"""Anonymisation of timeline entries."""

from typing import Any

from django.db.models import QuerySet

from portal.activity import services as activity
from portal.activity.models import Entry
from tenants.nouns import registry

BATCH_SIZE = 500
ANONYMISED_COLUMNS = ["data", "actor_name", "actor_id", "ip"]


def anonymise_entries(entries: QuerySet[Entry]) -> int:
    """Remove from timeline entries everything but what happened, when, and which staff did it; return how many."""
    # All ids first: what a cursor has yet to read must not depend on what is written meanwhile.
    entry_ids = list(entries.values_list("pk", flat=True))
    with activity.allow_mutation():
        for start in range(0, len(entry_ids), BATCH_SIZE):
            batch = list(Entry.objects.filter(pk__in=entry_ids[start : start + BATCH_SIZE]))
            for entry in batch:
                _anonymise_entry(entry)
            Entry.objects.bulk_update(batch, ANONYMISED_COLUMNS)
    return len(entry_ids)


def select_non_personal_data(entry: Entry) -> dict[str, Any]:
    """Return the part of an entry's data that identifies nobody."""
    keys = registry.get_non_personal_event_keys().get(entry.event_type, ())
    return {key: entry.data[key] for key in keys if key in entry.data}


def _anonymise_entry(entry: Entry) -> None:
    entry.data = select_non_personal_data(entry)
    if entry.actor != Entry.Actor.STAFF:
        entry.actor_name, entry.actor_id, entry.ip = "", None, None
