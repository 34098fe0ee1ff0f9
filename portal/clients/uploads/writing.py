"""How do rows become clients? A chunk in one transaction: cards, addresses, tags, notes and their lines on the timeline.

New cards go from the staging table to where they belong within PostgreSQL. Cards that are there
already are compared once more, since a day may lie between the check and the yes.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Lower

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.activity.verbs import Verb
from portal.clients.models import Client, Contact, Note, Tag
from portal.clients.uploads import judging
from portal.clients.uploads.changing import change_cards
from portal.clients.uploads.models import Upload, UploadRow
from portal.clients.uploads.steps import hold
from tenants.context import current_business
from tenants.staff.actor import Staff

Outcome = UploadRow.Outcome
CHUNK = 5_000
NEW_ROWS = "FROM {rows} WHERE upload_id = %(upload)s AND number BETWEEN %(first)s AND %(last)s AND outcome = 'new'"
# In this order: cards first, then what stands on them.
INSERTS = (
    "INSERT INTO {clients} (id, name, status, is_demo, source, language, time_zone, search, custom, created_at, updated_at) "
    f"SELECT client_id, name, 'active', false, 'upload', language, '', search, custom, %(now)s, %(now)s {NEW_ROWS}",
    "INSERT INTO {contacts} (id, client_id, kind, value, label, may_sign_in, source, confirmed_at, created_at) "
    "SELECT gen_random_uuid(), client_id, said.kind, said.value, '', true, 'upload', %(now)s, %(now)s FROM ("
    f"SELECT client_id, 'email' AS kind, unnest(emails) AS value {NEW_ROWS} "
    f"UNION ALL SELECT client_id, 'phone', unnest(phones) {NEW_ROWS}) said",
    "INSERT INTO {notes} (id, client_id, body, author_id, author_name, created_at) "
    f"SELECT gen_random_uuid(), client_id, note, %(person)s::uuid, %(name)s, %(now)s {NEW_ROWS} AND note <> ''",
    "INSERT INTO {tagged} (client_id, tag_id) SELECT DISTINCT said.client_id, tag.id FROM ("
    f"SELECT client_id, unnest(tags) AS word {NEW_ROWS}) said JOIN {{tags}} tag ON lower(tag.name) = lower(said.word)",
)


def by(upload: Upload) -> dict[str, Any]:
    """Return the facts that say who uploaded a list."""
    if upload.person_id is None:
        return {"actor": Entry.Actor.SYSTEM, "actor_name": upload.person_name}
    return activity.by(Staff(upload.person_id, upload.person_name, upload.ip))


@transaction.atomic
def write_chunk(upload: Upload, *, now: datetime) -> bool:
    """Take the next rows over; False when there were none left. Raises Overtaken."""
    hold(upload)
    _alone()
    ahead = upload.rows.filter(number__gt=upload.cursor).order_by("number")
    numbers = list(ahead.values_list("number", flat=True)[:CHUNK])
    if not numbers:
        return False
    judging.judge_range(upload, numbers[0], numbers[-1])
    created = _create(upload, numbers[0], numbers[-1], now=now)
    changed = change_cards(upload, numbers[0], numbers[-1], now=now, **by(upload))
    _advance(upload, numbers, created=created, changed=changed, now=now)
    return True


def make_tags(upload: Upload) -> None:
    """Make the tags that the list speaks of and the business doesn't have yet; remember which they were."""
    rows = connection.ops.quote_name(UploadRow._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT unnest(tags) FROM {rows} WHERE upload_id = %s", [upload.pk])
        wanted = {word.lower(): word for (word,) in cursor.fetchall()}
    known = set(Tag.objects.annotate(word=Lower("name")).values_list("word", flat=True))
    made = [Tag(name=word) for lower, word in wanted.items() if lower not in known]
    Tag.objects.bulk_create(made, ignore_conflicts=True)
    upload.counts["tags"] = [str(tag.pk) for tag in made]


def _alone() -> None:
    """Let no other list be written at this business meanwhile: two lists may hold the same person."""
    business = current_business()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"lists of {business and business.pk}"])


def _create(upload: Upload, first: int, last: int, *, now: datetime) -> int:
    facts: dict[str, Any] = {"upload": upload.pk, "first": first, "last": last, "now": now}
    facts |= {"person": upload.person_id, "name": upload.person_name}
    rows = upload.rows.filter(number__range=(first, last), outcome=Outcome.NEW)
    keys: list[uuid.UUID] = [key for key in rows.values_list("client_id", flat=True) if key]
    if not keys:
        return 0
    with connection.cursor() as cursor:
        for statement in INSERTS:
            cursor.execute(statement.format(**_tables()), facts)
    told = {"source": Client.Source.UPLOAD.value, "list": upload.name}
    activity.record_alike(Verb.CLIENT_ADDED, client_ids=keys, at=now, subject_id=upload.pk, **told, **by(upload))
    return len(keys)


def _advance(upload: Upload, numbers: list[int], *, created: int, changed: int, now: datetime) -> None:
    counts = upload.counts
    upload.counts = counts | {
        "created": counts.get("created", 0) + created,
        "changed": counts.get("changed", 0) + changed,
    }
    upload.cursor, upload.rows_done, upload.worked_at = numbers[-1], upload.rows_done + len(numbers), now
    upload.save(update_fields=["counts", "cursor", "rows_done", "worked_at"])


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
