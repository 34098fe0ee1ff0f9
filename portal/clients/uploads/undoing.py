"""How is a list taken back? What it created goes unless somebody touched it since; what it changed is put back.

“Touched” is whatever left a trace: a line on the timeline that isn't the list's own, or a row
of any kind that points to the card, whichever noun it belongs to.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients.models import Client, Contact, Note, Tag
from portal.clients.services import update_search_text
from portal.clients.uploads.cards import Card, cards_of
from portal.clients.uploads.models import Upload, UploadRow
from portal.clients.uploads.steps import hold
from portal.clients.uploads.writing import by

Outcome = UploadRow.Outcome
CHUNK = 1_000
# What belongs to a card itself and is compared on its own.
OWN = (Contact, Note, Entry, Client.tags.through)


@transaction.atomic
def undo_chunk(upload: Upload, *, now: datetime) -> bool:
    """Take the next rows back; False when there were none left. Raises Overtaken."""
    hold(upload)
    ahead = upload.rows.filter(number__gt=upload.cursor).order_by("number")
    rows = list(ahead[:CHUNK])
    if not rows:
        return False
    created = [row for row in rows if row.outcome == Outcome.NEW]
    removed = _remove(upload, created)
    restored = _put_back(upload, [row for row in rows if row.before], now=now)
    counts = upload.counts
    sums = {"removed": removed, "kept": len(created) - removed, "restored": restored}
    upload.counts = counts | {word: counts.get(word, 0) + number for word, number in sums.items()}
    upload.cursor, upload.rows_done, upload.worked_at = rows[-1].number, upload.rows_done + len(rows), now
    upload.save(update_fields=["counts", "cursor", "rows_done", "worked_at"])
    return True


def drop_tags(upload: Upload) -> None:
    """Remove the tags that the list brought along, where nobody wears them."""
    Tag.objects.filter(pk__in=upload.counts.get("tags", []), clients=None).delete()


def _remove(upload: Upload, rows: list[UploadRow]) -> int:
    """Remove the cards that rows created and that are as they were; return how many."""
    cards = cards_of(row.client_id for row in rows)
    same = {key for row in rows if (key := row.client_id) in cards and _is_as_created(cards[key], row)}
    gone = same - _touched(upload, same)
    with activity.allow_mutation():
        Entry.objects.filter(client__in=gone).delete()
        Client.objects.filter(pk__in=gone).delete()
    return len(gone)


def _is_as_created(card: Card, row: UploadRow) -> bool:
    """Tell whether a card says what its row said and nothing else."""
    client = card.client
    said = row.name, row.language, row.custom, set(row.emails), set(row.phones)
    stands = client.name, client.language, client.custom, card.emails, card.phones
    marks = {word.lower() for word in row.tags} == card.tags, card.notes == ({row.note} - {""})
    return said == stands and all(marks) and client.updated_at == client.created_at


def _touched(upload: Upload, keys: set[uuid.UUID]) -> set[uuid.UUID]:
    """Return which of these clients something else speaks of."""
    told = Entry.objects.filter(client__in=keys).exclude(subject_id=upload.pk)
    touched: set[Any] = set(told.values_list("client_id", flat=True))
    for relation in Client._meta.related_objects:
        model: Any = relation.related_model
        if model in OWN or not relation.field.concrete or relation.many_to_many:
            continue
        name = relation.field.name
        touched |= set(model._default_manager.filter(**{f"{name}__in": keys}).values_list(name, flat=True))
    return touched


def _put_back(upload: Upload, rows: list[UploadRow], *, now: datetime) -> int:
    """Put back what rows changed, wherever it still is what they made of it; return on how many cards."""
    clients = {client.pk: client for client in Client.objects.listed().filter(pk__in=[row.client_id for row in rows])}
    lines = []
    for row in rows:
        if client := clients.get(row.client_id):
            lines.append((client.pk, _restore(client, row.before or {}, now=now)))
    if lines:
        Client.objects.bulk_update(clients.values(), ["name", "language", "custom", "updated_at"])
        update_search_text(clients)
        activity.record_many(EventType.CLIENT_CHANGED, client_data=lines, at=now, subject_id=upload.pk, **by(upload))
    return len(lines)


def _restore(client: Client, before: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Put one card back and return what the timeline says of it. The caller saves the card."""
    restored = {}
    for name, (old, new) in before.get("details", {}).items():
        if getattr(client, name) == new:
            restored[name] = (new, old)
            setattr(client, name, old)
    client.updated_at = now
    added = Contact.objects.filter(pk__in=before.get("contacts", []), client=client, source=Contact.Source.UPLOAD)
    added.delete()
    Note.objects.filter(pk__in=before.get("notes", []), edited_at=None).delete()
    Client.tags.through.objects.filter(client=client, tag__in=before.get("tags", [])).delete()
    return {
        "before": {name: pair[0] for name, pair in restored.items()},
        "after": {name: pair[1] for name, pair in restored.items()},
    }
