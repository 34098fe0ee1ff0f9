"""How do rows become clients? A span in one transaction: cards, addresses, tags, notes and their lines on the timeline.

New cards go from the staging table to where they belong within PostgreSQL. Cards that are there
already are compared once more, since a day may lie between the check and the yes.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Lower

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.activity.models import Entry
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
# In this order: cards first, then what stands on them.
INSERT_CLIENTS = (
    "INSERT INTO {clients} (id, name, status, is_demo, source, language, time_zone, search, custom, created_at, updated_at) "
    f"SELECT client_id, name, 'active', false, 'upload', language, '', search, custom, %(now)s, %(now)s {NEW_ROWS} RETURNING id"
)
INSERT_RELATED = (
    "INSERT INTO {contacts} (id, client_id, kind, value, label, may_sign_in, source, confirmed_at, created_at) "
    "SELECT (%(contact_keys)s::uuid[])[row_number() OVER ()], client_id, said.kind, said.value, '', true, 'upload', "
    f"%(now)s, %(now)s FROM (SELECT client_id, 'email' AS kind, unnest(emails) AS value {NEW_ROWS} "
    f"UNION ALL SELECT client_id, 'phone', unnest(phones) {NEW_ROWS}) said",
    "INSERT INTO {notes} (id, client_id, body, author_id, author_name, created_at) "
    "SELECT (%(note_keys)s::uuid[])[row_number() OVER ()], client_id, note, %(person)s::uuid, %(name)s, "
    f"%(now)s {NEW_ROWS} AND note <> ''",
    "INSERT INTO {tagged} (client_id, tag_id) SELECT DISTINCT said.client_id, tag.id FROM ("
    f"SELECT client_id, unnest(tags) AS word {NEW_ROWS}) said JOIN {{tags}} tag ON lower(tag.name) = lower(said.word)",
)


def upload_actor_fields(upload: Upload) -> dict[str, Any]:
    """Return the facts that say who uploaded a list."""
    if upload.person_id is None:
        return {"actor": Entry.Actor.SYSTEM, "actor_name": upload.person_name}
    return activity.actor_fields(Staff(upload.person_id, upload.person_name, upload.ip))


def import_chunk(upload: Upload, *, now: datetime) -> bool:
    """Take the next rows over that nobody else has in hand; False when there were none left. Raises StaleUpload."""
    while True:
        # Where a card went meanwhile nothing was written, and its row is judged by what is there now.
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
    """Make the tags that the list speaks of and the business doesn't have yet, spelt as they first are; remember which they were."""
    rows = connection.ops.quote_name(UploadRow._meta.db_table)
    words = f"SELECT number, unnest(tags) AS word FROM {rows} WHERE upload_id = %s"
    with connection.cursor() as cursor:
        # The last row comes first, so that of several spellings the list's first one stays.
        cursor.execute(f"SELECT word FROM ({words}) said GROUP BY word ORDER BY min(number) DESC, word", [upload.pk])
        wanted = {word.lower(): word for (word,) in cursor.fetchall()}
    known = set(Tag.objects.annotate(word=Lower("name")).values_list("word", flat=True))
    # In one order for all: two lists that make the same tags at once would else wait for each other.
    created = [Tag(name=word) for lower, word in sorted(wanted.items()) if lower not in known]
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
        cursor.execute(f"WITH made AS ({INSERT_CLIENTS.format(**tables)}) SELECT array_agg(id)::text FROM made", params)
        (client_ids,) = cursor.fetchone()
        params["contact_keys"] = uuid7_array(now, size=contacts)
        params["note_keys"] = uuid7_array(now, size=notes)
        for statement in INSERT_RELATED:
            cursor.execute(statement.format(**tables), params)
    entry_data = {"source": Client.Source.UPLOAD.value, "list": upload.name, **upload_actor_fields(upload)}
    activity.record_same(EventType.CLIENT_ADDED, client_ids=client_ids, at=now, subject_id=upload.pk, **entry_data)
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
