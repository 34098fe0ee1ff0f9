"""Save a row of the set-up, and record what changed of it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, TextChoices

from portal.activity import services as activity
from portal.activity.models import Entry
from tenants.staff.staff_actor import StaffActor


def record_setup_event(event_type: TextChoices, row: Model, *, staff: StaffActor, now: datetime, **data: Any) -> None:
    """Add an entry to the timeline about a service, calendar, exception, room or piece of equipment."""
    actor = activity.get_actor_fields(staff)
    activity.record_event(event_type, subject_id=row.pk, at=now, name=str(row), **data, **actor)


def record_setup_events(
    event_type: TextChoices, rows: Iterable[tuple[Model, Mapping[str, Any]]], *, staff: StaffActor, now: datetime
) -> None:
    """Add an entry to the timeline about each row, with its data, in one statement."""
    actor = activity.get_actor_fields(staff)
    Entry.objects.bulk_create(
        activity.build_entry(event_type, subject_id=row.pk, at=now, name=str(row), **data, **actor)
        for row, data in rows
    )


def apply_values(row: Model, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Set the values that differ, without saving; return those before and after, or nothing where all are the same."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    return {"before": _to_json(before), "after": _to_json(changed)} if changed else {}


def _to_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the timeline can store them."""
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))
