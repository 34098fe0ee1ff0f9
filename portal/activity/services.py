"""Writing and reading the timeline of a business."""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Model, TextChoices

from portal.activity.models import Entry
from tenants.nouns import registry
from tenants.raw_sql import build_insert_select
from tenants.staff.staff_actor import StaffActor
from tenants.uuid7 import generate_uuid7_array

# The values that all rows of a bulk insert have in common; those of one row come from its `item`.
SHARED_VALUES = {
    "event_type": "%s",
    "at": "%s",
    "subject_id": "%s",
    "actor": "%s",
    "actor_id": "%s::uuid",
    "actor_name": "%s",
    "ip": "%s::inet",
}
INSERT_ENTRIES = build_insert_select(
    Entry,
    SHARED_VALUES | {"id": "gen_random_uuid()", "client_id": "item.client_id", "data": "item.data"},
    "FROM unnest(%s::uuid[], %s::jsonb[]) AS item (client_id, data)",
)
INSERT_SAME_ENTRY = build_insert_select(
    Entry,
    SHARED_VALUES | {"data": "%s::jsonb", "id": "item.key", "client_id": "item.client_id"},
    "FROM unnest(%s::uuid[], %s::uuid[]) AS item (key, client_id)",
)


class UnknownEventType(ValueError):
    """No installed noun declares this type of event."""


def build_entry(
    event_type: TextChoices,
    *,
    at: datetime,
    client: Model | None = None,
    client_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
    actor: Entry.Actor = Entry.Actor.SYSTEM,
    actor_name: str = "",
    actor_id: uuid.UUID | None = None,
    ip: str | None = None,
    **data: Any,
) -> Entry:
    """Return an unsaved timeline entry, for callers that write several rows at once. Other arguments become its data.

    Raises UnknownEventType.
    """
    if event_type not in registry.get_event_type_labels():
        raise UnknownEventType(event_type)
    return Entry(
        event_type=event_type,
        at=at,
        client_id=client.pk if client else client_id,
        subject_id=subject_id,
        actor=actor,
        actor_name=actor_name,
        actor_id=actor_id,
        ip=ip,
        data=data,
    )


def record_event(event_type: TextChoices, **fields: Any) -> Entry:
    """Add an entry to the timeline, in the transaction of the change it reports. Fields as for `build_entry`."""
    entry = build_entry(event_type, **fields)
    entry.save(force_insert=True)
    return entry


def record_many(
    event_type: TextChoices,
    *,
    client_data: Sequence[tuple[uuid.UUID, dict[str, Any]]],
    at: datetime,
    subject_id: uuid.UUID,
    **fields: Any,
) -> None:
    """Add an entry for each client in one statement.

    `client_data` pairs their keys with their data; the fields are shared.
    """
    shared = _get_shared_entry_values(build_entry(event_type, at=at, subject_id=subject_id, **fields))
    data = [json.dumps(data, cls=DjangoJSONEncoder) for _key, data in client_data]
    with connection.cursor() as cursor:
        cursor.execute(INSERT_ENTRIES, [*shared, _format_uuid_array(client_data), data])


def record_same_event(
    event_type: TextChoices, *, client_ids: str, at: datetime, subject_id: uuid.UUID, **fields: Any
) -> None:
    """Add the same entry for many clients in one statement. `client_ids` is an array in PostgreSQL's own notation."""
    entry = build_entry(event_type, at=at, subject_id=subject_id, **fields)
    data = json.dumps(entry.data, cls=DjangoJSONEncoder)
    keys = generate_uuid7_array(at, size=client_ids.count(",") + 1)
    with connection.cursor() as cursor:
        cursor.execute(INSERT_SAME_ENTRY, [*_get_shared_entry_values(entry), data, keys, client_ids])


def get_actor_fields(staff: StaffActor | None) -> dict[str, Any]:
    """Return the fields of an entry that say who acted: staff, with their IP address, or else the client."""
    if staff is None:
        return {"actor": Entry.Actor.CLIENT}
    return {"actor": Entry.Actor.STAFF, "actor_name": staff.name, "actor_id": staff.person_id, "ip": staff.ip}


@contextmanager
def allow_mutation() -> Iterator[None]:
    """Allow entries to be changed or deleted until the block ends: for erasing and merging clients, and for retention.

    It must run inside a transaction, because the permission lasts at most until the transaction's end.
    """
    _set_timeline_mutable("on")
    try:
        yield
    finally:
        if not transaction.get_rollback():
            _set_timeline_mutable("off")


def _get_shared_entry_values(entry: Entry) -> tuple[Any, ...]:
    return tuple(getattr(entry, column) for column in SHARED_VALUES)


def _format_uuid_array(client_data: Iterable[tuple[uuid.UUID, Any]]) -> str:
    """Return the keys as an array in PostgreSQL's notation, which is much faster than the driver's conversion."""
    return "{" + ",".join(str(key) for key, _data in client_data) + "}"


def _set_timeline_mutable(value: str) -> None:
    assert connection.in_atomic_block, "the timeline may be changed within a transaction only"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portico.timeline_mutable', %s, true)", [value])
