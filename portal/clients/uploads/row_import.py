"""Importing a chunk of rows in one transaction: clients, contacts, tags, notes and timeline entries.

New clients are copied from the staging table within PostgreSQL. Rows of existing clients are classified
again first: there may be a day between the check and the import.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Lower

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent, ClientSource
from portal.clients.models import Client, ClientStatus, Contact, ContactSource, Note, Tag
from portal.clients.services.possible_duplicates import suggest_duplicates
from portal.clients.uploads import row_classification
from portal.clients.uploads.client_updates import ClientDeleted, update_existing_clients
from portal.clients.uploads.import_chunks import claim_chunk
from portal.clients.uploads.models import ImportChunk, Upload, UploadRow
from portal.clients.uploads.upload_locking import disable_synchronous_commit, lock_for_import, prevent_stop
from tenants.raw_sql import build_insert_select, quote_table
from tenants.staff.staff_actor import StaffActor
from tenants.uuid7 import generate_uuid7_array

CHUNK_ROWS = 5_000
NEW_ROWS = (
    f"FROM {quote_table(UploadRow)} "
    "WHERE upload_id = %(upload)s AND number BETWEEN %(first)s AND %(last)s AND outcome = 'new'"
)
COUNT_NEW = f"SELECT count(*), sum(cardinality(emails || phones)), sum((note <> '')::int) {NEW_ROWS}"
ADDRESSES = (
    f"FROM (SELECT client_id, 'email' AS kind, unnest(emails) AS value {NEW_ROWS} "
    f"UNION ALL SELECT client_id, 'phone', unnest(phones) {NEW_ROWS}) address"
)
CLIENT_TAGS = (
    f"FROM (SELECT DISTINCT row_tag.client_id, tag.id FROM (SELECT client_id, unnest(tags) AS name {NEW_ROWS}) row_tag "
    f"JOIN {quote_table(Tag)} tag ON lower(tag.name) = lower(row_tag.name)) client_tag"
)
CLIENT_VALUES = {
    "id": "client_id",
    "name": "name",
    "status": f"'{ClientStatus.ACTIVE.value}'",
    "is_demo": "false",
    "source": f"'{ClientSource.UPLOAD.value}'",
    "language": "language",
    "time_zone": "''",
    "search": "search",
    "custom": "custom",
    "merged_into_id": "NULL",
    "created_at": "%(now)s",
    "updated_at": "%(now)s",
    "signed_in_at": "NULL",
    "confirmed_at": "NULL",
    "archived_at": "NULL",
    "blocked_at": "NULL",
    "erased_at": "NULL",
}
CONTACT_VALUES = {
    "id": "(%(contact_keys)s::uuid[])[row_number() OVER ()]",
    "client_id": "client_id",
    "kind": "address.kind",
    "value": "address.value",
    "label": "''",
    "may_sign_in": "true",
    "is_main": "false",
    "source": f"'{ContactSource.UPLOAD.value}'",
    "confirmed_at": "%(now)s",
    "code_used_at": "NULL",
    "created_at": "%(now)s",
}
NOTE_VALUES = {
    "id": "(%(note_keys)s::uuid[])[row_number() OVER ()]",
    "client_id": "client_id",
    "body": "note",
    "author_id": "%(person)s::uuid",
    "author_name": "%(name)s",
    "created_at": "%(now)s",
    "edited_at": "NULL",
}
# Clients first: the statements of INSERT_RELATED refer to them.
INSERT_CLIENTS = f"{build_insert_select(Client, CLIENT_VALUES, NEW_ROWS)} RETURNING id"
INSERT_RELATED = (
    build_insert_select(Contact, CONTACT_VALUES, ADDRESSES),
    build_insert_select(Note, NOTE_VALUES, f"{NEW_ROWS} AND note <> ''"),
    build_insert_select(
        Client.tags.through, {"client_id": "client_tag.client_id", "tag_id": "client_tag.id"}, CLIENT_TAGS
    ),
)


def get_upload_actor_fields(upload: Upload) -> dict[str, Any]:
    """Return the actor fields of the timeline entries of an upload."""
    if upload.person_id is None:
        return {"actor": Entry.Actor.SYSTEM, "actor_name": upload.person_name}
    return activity.get_actor_fields(StaffActor(upload.person_id, upload.person_name, upload.ip))


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
    unconfirmed = row_classification.classify_range(upload, chunk.first, chunk.last)
    chunk.created = _create_clients(upload, chunk, now=now)
    chunk.changed = update_existing_clients(upload, chunk.first, chunk.last, now=now, **get_upload_actor_fields(upload))
    _suggest_duplicates(unconfirmed, now=now)
    chunk.is_written = True
    chunk.save(update_fields=["created", "changed", "is_written"])
    prevent_stop(upload)
    return True


def _suggest_duplicates(values: Collection[str], *, now: datetime) -> None:
    """Suggest duplicates of the cards that just got one of these addresses, which are unconfirmed on others."""
    if values:
        added = Contact.objects.filter(value__in=values, source=ContactSource.UPLOAD, created_at=now)
        client_ids = set(added.values_list("client_id", flat=True))
        suggest_duplicates(client_ids, values, source=ClientSource.UPLOAD, now=now)


def create_tags(upload: Upload) -> None:
    """Create the list's missing tags, spelt as in their first row; save their keys in the upload's counts."""
    row_tags = f"SELECT number, unnest(tags) AS name FROM {quote_table(UploadRow)} WHERE upload_id = %s"
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
    with connection.cursor() as cursor:
        cursor.execute(COUNT_NEW, params)
        created_count, contacts, notes = cursor.fetchone()
        if not created_count:
            return 0
        cursor.execute(f"WITH created AS ({INSERT_CLIENTS}) SELECT array_agg(id)::text FROM created", params)
        (client_ids,) = cursor.fetchone()
        params["contact_keys"] = generate_uuid7_array(now, size=contacts)
        params["note_keys"] = generate_uuid7_array(now, size=notes)
        for statement in INSERT_RELATED:
            cursor.execute(statement, params)
    entry_data = {"source": ClientSource.UPLOAD.value, "list": upload.name, **get_upload_actor_fields(upload)}
    activity.record_same_event(ClientEvent.ADDED, client_ids=client_ids, at=now, subject_id=upload.pk, **entry_data)
    return created_count
