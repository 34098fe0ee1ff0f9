"""Undoing an import: clients it created are deleted unless touched since, changed values are restored.

A client is touched by any other timeline entry and by any row of any model that points to them.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, ContactSource, Note, Tag
from portal.clients.services import update_search_text
from portal.clients.services.confirmation_history import confirm_clients_by_history
from portal.clients.uploads.address_withdrawals import find_usable_addresses, withdraw_addresses
from portal.clients.uploads.imported_changes import CardSnapshot, load_card_snapshots
from portal.clients.uploads.models import RowOutcome, Upload, UploadRow
from portal.clients.uploads.row_import import get_upload_actor_fields
from portal.clients.uploads.upload_locking import lock_upload

CHUNK_ROWS = 1_000
# Models that every import writes; their rows are compared with the upload row instead.
CARD_MODELS = (Contact, Note, Entry, Client.tags.through)


@transaction.atomic
def undo_import_chunk(upload: Upload, *, now: datetime) -> bool:
    """Undo the next CHUNK_ROWS rows; return False when none are left. Raises StaleUpload."""
    lock_upload(upload)
    remaining = upload.rows.filter(number__gt=upload.cursor).order_by("number")
    rows = list(remaining[:CHUNK_ROWS])
    if not rows:
        return False
    _lock_clients(rows)
    created = [row for row in rows if row.outcome == RowOutcome.NEW]
    removed = _delete_created_clients(upload, created)
    reverted = _revert_changes(upload, [row for row in rows if row.undo_data], now=now)
    counts = upload.counts
    sums = {"removed": removed, "retained": len(created) - removed, "reverted": reverted}
    upload.counts = counts | {key: counts.get(key, 0) + number for key, number in sums.items()}
    upload.cursor, upload.rows_done, upload.heartbeat_at = rows[-1].number, upload.rows_done + len(rows), now
    upload.save(update_fields=["counts", "cursor", "rows_done", "heartbeat_at"])
    return True


def delete_unused_tags(upload: Upload) -> None:
    """Delete the tags that the import created and no client has."""
    Tag.objects.filter(pk__in=upload.counts.get("tags", []), clients=None).delete()


def _lock_clients(rows: list[UploadRow]) -> None:
    """Lock the cards of these rows, some of which are deleted, so that no change of them is overlooked."""
    # In the order of their keys, as everybody locks several clients, so that no two wait for one another.
    clients = Client.objects.filter(pk__in=[row.client_id for row in rows]).order_by("pk")
    list(clients.select_for_update().values_list("pk"))


def _delete_created_clients(upload: Upload, rows: list[UploadRow]) -> int:
    """Delete the clients that rows created and that are unchanged; return how many."""
    cards = load_card_snapshots(row.client_id for row in rows)
    unchanged = {key for row in rows if (key := row.client_id) in cards and _is_unchanged_since_import(cards[key], row)}
    deletable = unchanged - _find_touched_clients(upload, unchanged)
    with activity.allow_mutation():
        Entry.objects.filter(client__in=deletable).delete()
        Client.objects.filter(pk__in=deletable).delete()
    return len(deletable)


def _is_unchanged_since_import(card: CardSnapshot, row: UploadRow) -> bool:
    """Return whether a card has exactly the values of its row."""
    client = card.client
    expected = row.name, row.language, row.custom, set(row.emails), set(row.phones)
    actual = client.name, client.language, client.custom, card.emails, card.phones
    matches = {name.lower() for name in row.tags} == card.tags, card.notes == ({row.note} - {""})
    return expected == actual and all(matches) and client.updated_at == client.created_at


def _find_touched_clients(upload: Upload, keys: set[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of these clients to whom anything but the upload refers."""
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
    """Restore what rows changed, and take away what depends on addresses that sign nobody in any more.

    Return the number of cards.
    """
    clients = {
        client.pk: client for client in Client.objects.exclude_unlisted().filter(pk__in=[row.client_id for row in rows])
    }
    usable_before = find_usable_addresses(clients.keys())
    reverted = _revert_cards(upload, rows, clients, now=now)
    # Where the notices of an import have come to; once they are all sent, it is empty.
    cursor = upload.notice_cursor
    announced = {row.client_id for row in rows if row.client_id and (cursor is None or row.number <= cursor)}
    actor_fields = get_upload_actor_fields(upload)
    withdraw_addresses(clients.values(), usable_before, announced=announced, actor_fields=actor_fields, now=now)
    return reverted


def _revert_cards(upload: Upload, rows: list[UploadRow], clients: dict[uuid.UUID, Client], *, now: datetime) -> int:
    """Restore these cards as far as they have not changed since; return their number."""
    client_data = []
    for row in rows:
        if row.client_id and (client := clients.get(row.client_id)):
            client_data.append((client.pk, _revert_client(client, row.undo_data or {}, now=now)))
    if client_data:
        Client.objects.bulk_update(clients.values(), ["name", "language", "custom", "confirmed_at", "updated_at"])
        update_search_text(clients)
        _restore_confirmations(upload, [row for row in rows if (row.undo_data or {}).get("client_confirmed")])
        activity.record_many(
            ClientEvent.CHANGED,
            client_data=client_data,
            at=now,
            subject_id=upload.pk,
            **get_upload_actor_fields(upload),
        )
    return len(client_data)


def _restore_confirmations(upload: Upload, rows: list[UploadRow]) -> None:
    """Confirm the clients again whom these rows had confirmed, if staff or another list vouch for them as well."""
    confirm_clients_by_history(
        Client.objects.filter(pk__in=[row.client_id for row in rows]),
        contacts=Contact.objects.all(),
        entries=Entry.objects.exclude(subject_id=upload.pk),
    )


def _revert_client(client: Client, undo_data: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Restore one card and return the data of its timeline entry. The caller saves the card."""
    reverted = {}
    for name, (old, new) in undo_data.get("details", {}).items():
        if getattr(client, name) == new:
            reverted[name] = (new, old)
            setattr(client, name, old)
    if undo_data.get("client_confirmed"):
        client.confirmed_at = None
    client.updated_at = now
    added = Contact.objects.filter(pk__in=undo_data.get("contacts", []), client=client, source=ContactSource.UPLOAD)
    added.delete()
    Contact.objects.filter(pk__in=undo_data.get("confirmed", []), client=client).update(confirmed_at=None)
    Note.objects.filter(pk__in=undo_data.get("notes", []), edited_at=None).delete()
    Client.tags.through.objects.filter(client=client, tag__in=undo_data.get("tags", [])).delete()
    return {
        "before": {name: pair[0] for name, pair in reverted.items()},
        "after": {name: pair[1] for name, pair in reverted.items()},
    }
