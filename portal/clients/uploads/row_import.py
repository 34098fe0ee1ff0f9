"""Importing a chunk of rows in one transaction: clients, contacts, tags, notes and timeline entries.

New clients are copied from the staging table within PostgreSQL. Rows of existing clients are classified
again first: there may be a day between the check and the import.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Lower

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, Note, Tag
from portal.clients.uploads import classification
from portal.clients.uploads.card_updates import ClientDeleted, update_cards
from portal.clients.uploads.chunks import claim_chunk
from portal.clients.uploads.locking import disable_synchronous_commit, lock_for_import
from portal.clients.uploads.models import ImportChunk, Upload, UploadRow
from tenants.staff.actor import Staff
from tenants.uuid7 import uuid7_array

CHUNK_ROWS = 5_000
NEW_ROWS = "FROM {rows} WHERE upload_id = %(upload)s AND number BETWEEN %(first)s AND %(last)s AND outcome = 'new'"
COUNT_NEW = f"SELECT count(*), sum(cardinality(emails || phones)), sum((note <> '')::int) {NEW_ROWS}"
# Clients first: the statements of INSERT_RELATED refer to them.
INSERT_CLIENTS = (
    "INSERT INTO {clients} (id, name, status, is_demo, source, language, time_zone, search, custom, created_at, updated_at) "
    f"SELECT client_id, name, 'active', false, 'upload', language, '', search, custom, %(now)s, %(now)s {NEW_ROWS} RETURNING id"
)
INSERT_RELATED = (
    "INSERT INTO {contacts} (id, client_id, kind, value, label, may_sign_in, source, confirmed_at, created_at) "
    "SELECT (%(contact_keys)s::uuid[])[row_number() OVER ()], client_id, address.kind, address.value, '', true, 'upload', "
    f"%(now)s, %(now)s FROM (SELECT client_id, 'email' AS kind, unnest(emails) AS value {NEW_ROWS} "
    f"UNION ALL SELECT client_id, 'phone', unnest(phones) {NEW_ROWS}) address",
    "INSERT INTO {notes} (id, client_id, body, author_id, author_name, created_at) "
    "SELECT (%(note_keys)s::uuid[])[row_number() OVER ()], client_id, note, %(person)s::uuid, %(name)s, "
    f"%(now)s {NEW_ROWS} AND note <> ''",
    "INSERT INTO {tagged} (client_id, tag_id) SELECT DISTINCT row_tag.client_id, tag.id FROM ("
    f"SELECT client_id, unnest(tags) AS name {NEW_ROWS}) row_tag JOIN {{tags}} tag ON lower(tag.name) = lower(row_tag.name)",
)


def upload_actor_fields(upload: Upload) -> dict[str, Any]:
    """Return the actor fields of the timeline entries of an upload."""
    if upload.person_id is None:
        return {"actor": Entry.Actor.SYSTEM, "actor_name": upload.person_name}
    return activity.actor_fields(Staff(upload.person_id, upload.person_name, upload.ip))


def import_chunk(upload: Upload, *, now: datetime) -> bool:
    """Import the next free chunk; return False when none is left. Raises StaleUpload."""
    while True:
        # If a client disappeared meanwhile, nothing was written: start again with a new classification.
        with suppress(ClientDeleted):
            return _import_chunk(upload, now=now)


@transaction.atomic
def _import_chunk(upload: Upload, *, now: datetime) -> bool:
    disable_synchronous_commit()
    lock_for_import(upload)
    chunk = claim_chunk(upload)
    if chunk is None:
        return False
    classification.classify_range(upload, chunk.first, chunk.last)
    chunk.created = _create_clients(upload, chunk, now=now)
    chunk.changed = update_cards(upload, chunk.first, chunk.last, now=now, **upload_actor_fields(upload))
    chunk.is_written = True
    chunk.save(update_fields=["created", "changed", "is_written"])
    return True


def create_tags(upload: Upload) -> None:
    """Create the list's tags that don't exist yet, spelt as in their first row; save their keys in the upload's counts."""
    rows = connection.ops.quote_name(UploadRow._meta.db_table)
    row_tags = f"SELECT number, unnest(tags) AS name FROM {rows} WHERE upload_id = %s"
    with connection.cursor() as cursor:
        # In descending order, so that the spelling of the first row is the last one in the dict.
        cursor.execute(
            f"SELECT name FROM ({row_tags}) row_tag GROUP BY name ORDER BY min(number) DESC, name", [upload.pk]
        )
        names = {name.lower(): name for (name,) in cursor.fetchall()}
    existing = set(Tag.objects.annotate(lower_name=Lower("name")).values_list("lower_name", flat=True))
    # Sorted, or two imports that create the same tags at once could deadlock.
    created = [Tag(name=name) for lower, name in sorted(names.items()) if lower not in existing]
    Tag.objects.bulk_create(created, ignore_conflicts=True)
    upload.counts["tags"] = [str(tag.pk) for tag in created]


def _create_clients(upload: Upload, chunk: ImportChunk, *, now: datetime) -> int:
    params: dict[str, Any] = {"upload": upload.pk, "first": chunk.first, "last": chunk.last, "now": now}
    params |= {"person": upload.person_id, "name": upload.person_name}
    tables = _tables()
    with connection.cursor() as cursor:
        cursor.execute(COUNT_NEW.format(**tables), params)
        created_count, contacts, notes = cursor.fetchone()
        if not created_count:
            return 0
        cursor.execute(
            f"WITH created AS ({INSERT_CLIENTS.format(**tables)}) SELECT array_agg(id)::text FROM created", params
        )
        (client_ids,) = cursor.fetchone()
        params["contact_keys"] = uuid7_array(now, size=contacts)
        params["note_keys"] = uuid7_array(now, size=notes)
        for statement in INSERT_RELATED:
            cursor.execute(statement.format(**tables), params)
    entry_data = {"source": Client.Source.UPLOAD.value, "list": upload.name, **upload_actor_fields(upload)}
    activity.record_same(ClientEvent.ADDED, client_ids=client_ids, at=now, subject_id=upload.pk, **entry_data)
    return created_count


def _tables() -> dict[str, str]:
    models: dict[str, Any] = {
        "rows": UploadRow,
        "clients": Client,
        "contacts": Contact,
        "notes": Note,
        "tags": Tag,
        "tagged": Client.tags.through,
    }
    return {name: connection.ops.quote_name(model._meta.db_table) for name, model in models.items()}
