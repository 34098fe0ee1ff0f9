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
from portal.clients.uploads.card_changes import CardSnapshot, load_cards
from portal.clients.uploads.locking import lock_upload
from portal.clients.uploads.models import Upload, UploadRow
from portal.clients.uploads.row_import import upload_actor_fields

Outcome = UploadRow.Outcome
CHUNK_ROWS = 1_000
# What belongs to a card itself and is compared on its own.
CARD_MODELS = (Contact, Note, Entry, Client.tags.through)


@transaction.atomic
def undo_chunk(upload: Upload, *, now: datetime) -> bool:
    """Take the next rows back; False when there were none left. Raises StaleUpload."""
    lock_upload(upload)
    ahead = upload.rows.filter(number__gt=upload.cursor).order_by("number")
    rows = list(ahead[:CHUNK_ROWS])
    if not rows:
        return False
    created = [row for row in rows if row.outcome == Outcome.NEW]
    removed = _delete_created(upload, created)
    reverted = _revert_changes(upload, [row for row in rows if row.undo_data], now=now)
    counts = upload.counts
    sums = {"removed": removed, "retained": len(created) - removed, "reverted": reverted}
    upload.counts = counts | {word: counts.get(word, 0) + number for word, number in sums.items()}
    upload.cursor, upload.rows_done, upload.heartbeat_at = rows[-1].number, upload.rows_done + len(rows), now
    upload.save(update_fields=["counts", "cursor", "rows_done", "heartbeat_at"])
    return True


def delete_unused_tags(upload: Upload) -> None:
    """Remove the tags that the list brought along, where nobody wears them."""
    Tag.objects.filter(pk__in=upload.counts.get("tags", []), clients=None).delete()


def _delete_created(upload: Upload, rows: list[UploadRow]) -> int:
    """Remove the cards that rows created and that are as they were; return how many."""
    cards = load_cards(row.client_id for row in rows)
    unchanged = {key for row in rows if (key := row.client_id) in cards and _is_as_created(cards[key], row)}
    deletable = unchanged - _find_touched(upload, unchanged)
    with activity.allow_mutation():
        Entry.objects.filter(client__in=deletable).delete()
        Client.objects.filter(pk__in=deletable).delete()
    return len(deletable)


def _is_as_created(card: CardSnapshot, row: UploadRow) -> bool:
    """Tell whether a card says what its row said and nothing else."""
    client = card.client
    expected = row.name, row.language, row.custom, set(row.emails), set(row.phones)
    actual = client.name, client.language, client.custom, card.emails, card.phones
    matches = {word.lower() for word in row.tags} == card.tags, card.notes == ({row.note} - {""})
    return expected == actual and all(matches) and client.updated_at == client.created_at


def _find_touched(upload: Upload, keys: set[uuid.UUID]) -> set[uuid.UUID]:
    """Return which of these clients something else speaks of."""
    entries = Entry.objects.filter(client__in=keys).exclude(subject_id=upload.pk)
    touched: set[Any] = set(entries.values_list("client_id", flat=True))
    for relation in Client._meta.related_objects:
        model: Any = relation.related_model
        if model in CARD_MODELS or not relation.field.concrete or relation.many_to_many:
            continue
        name = relation.field.name
        touched |= set(model._default_manager.filter(**{f"{name}__in": keys}).values_list(name, flat=True))
    return touched


def _revert_changes(upload: Upload, rows: list[UploadRow], *, now: datetime) -> int:
    """Put back what rows changed, wherever it still is what they made of it; return on how many cards."""
    clients = {client.pk: client for client in Client.objects.listed().filter(pk__in=[row.client_id for row in rows])}
    client_data = []
    for row in rows:
        if client := clients.get(row.client_id):
            client_data.append((client.pk, _revert_client(client, row.undo_data or {}, now=now)))
    if client_data:
        Client.objects.bulk_update(clients.values(), ["name", "language", "custom", "updated_at"])
        update_search_text(clients)
        activity.record_many(
            EventType.CLIENT_CHANGED,
            client_data=client_data,
            at=now,
            subject_id=upload.pk,
            **upload_actor_fields(upload),
        )
    return len(client_data)


def _revert_client(client: Client, before: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Put one card back and return what the timeline says of it. The caller saves the card."""
    reverted = {}
    for name, (old, new) in before.get("details", {}).items():
        if getattr(client, name) == new:
            reverted[name] = (new, old)
            setattr(client, name, old)
    client.updated_at = now
    added = Contact.objects.filter(pk__in=before.get("contacts", []), client=client, source=Contact.Source.UPLOAD)
    added.delete()
    Note.objects.filter(pk__in=before.get("notes", []), edited_at=None).delete()
    Client.tags.through.objects.filter(client=client, tag__in=before.get("tags", [])).delete()
    return {
        "before": {name: pair[0] for name, pair in reverted.items()},
        "after": {name: pair[1] for name, pair in reverted.items()},
    }
