"""What the API shows of an entry of the timeline."""

from typing import Any

from api.clients.client_references import present_client_reference
from portal.activity.models import Entry
from portal.activity.presenters import present_entry


def present_activity_entry(entry: Entry) -> dict[str, Any]:
    """Return what the API shows of an entry, in words where people read it."""
    presented = present_entry(entry)
    columns = ("id", "at", "event_type", "actor", "ip")
    return {name: getattr(entry, name) for name in columns} | {
        "title": presented.title,
        "actor_name": presented.actor,
        "person": entry.actor_id,
        "client": present_client_reference(entry.client),
        "details": presented.details,
        "changes": [
            {"field": change.field, "before": change.before, "after": change.after} for change in presented.changes
        ],
    }
