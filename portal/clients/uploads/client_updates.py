"""Applying the rows of a chunk to existing client cards, and recording how to undo that."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.activity import services as activity
from portal.clients.identifiers import Identifier
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, ContactKind, ContactSource, Note, Tag
from portal.clients.services import update_search_text
from portal.clients.uploads.bulk_row_updates import bulk_update_rows
from portal.clients.uploads.imported_changes import (
    CardSnapshot,
    ImportedChange,
    compute_imported_change,
    load_card_snapshots,
)
from portal.clients.uploads.models import RowOutcome, Upload, UploadRow

Tagged = Client.tags.through


@dataclass
class CardAdditions:
    """The rows that a change adds to a card, and the ids of its contacts that the list confirms."""

    contacts: list[Contact]
    confirmed: list[uuid.UUID]
    notes: list[Note]
    tagged: list[Any]


class ClientDeleted(Exception):
    """A client was merged, erased or deleted after their row had been classified."""


def update_existing_clients(upload: Upload, first: int, last: int, *, now: datetime, **actor_fields: Any) -> int:
    """Update the cards of the known rows of a chunk as `on_match` says; return how many changed.

    Raises ClientDeleted.
    """
    if upload.on_match == Upload.OnMatch.SKIP:
        return 0
    rows = list(upload.rows.filter(number__range=(first, last), outcome=RowOutcome.KNOWN, undo_data__isnull=True))
    _lock_clients(rows)
    cards = load_card_snapshots(row.client_id for row in rows)
    pairs = [(row, cards[row.client_id]) for row in rows if row.client_id]
    changes = [
        (row, card, change) for row, card in pairs if (change := compute_imported_change(card, row, upload.on_match))
    ]
    if changes:
        _write_changes(upload, changes, now=now)
        client_data = [(card.client.pk, _build_entry_data(row, change)) for row, card, change in changes]
        confirmed: list[tuple[uuid.UUID, dict[str, Any]]] = [
            (card.client.pk, {}) for _row, card, change in changes if change.confirms_client
        ]
        for event_type, entries in ((ClientEvent.CHANGED, client_data), (ClientEvent.CONFIRMED, confirmed)):
            if entries:
                activity.record_many(event_type, client_data=entries, at=now, subject_id=upload.pk, **actor_fields)
    return len(changes)


def _lock_clients(rows: list[UploadRow]) -> None:
    """Lock these cards against other threads and requests. Raises ClientDeleted."""
    keys = {row.client_id for row in rows}
    locked = Client.objects.exclude_unlisted().filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
    if len(locked.values_list("pk", flat=True)) < len(keys):
        raise ClientDeleted


def _write_changes(
    upload: Upload, changes: list[tuple[UploadRow, CardSnapshot, ImportedChange]], *, now: datetime
) -> None:
    tags = {name.lower(): key for key, name in Tag.objects.values_list("pk", "name")}
    additions = []
    for row, card, change in changes:
        added = _build_additions(upload, card, change, tags, now=now)
        row.undo_data = _build_undo_data(card.client, change, added)
        additions.append(added)
        _apply_details(card.client, change, now)
    _save_additions(additions, now=now)
    bulk_update_rows(upload, [row for row, _card, _change in changes], ["undo_data"])
    _save_clients([card.client for _row, card, _change in changes])


def _build_additions(
    upload: Upload, card: CardSnapshot, change: ImportedChange, tags: dict[str, uuid.UUID], *, now: datetime
) -> CardAdditions:
    return CardAdditions(
        contacts=_build_new_contacts(card, change, now),
        confirmed=[card.unconfirmed[value] for value in change.addresses if value in card.unconfirmed],
        notes=_build_new_notes(upload, card.client, change, now),
        tagged=[
            Tagged(client_id=card.client.pk, tag_id=tags[name.lower()]) for name in change.tags if name.lower() in tags
        ],
    )


def _save_additions(additions: list[CardAdditions], *, now: datetime) -> None:
    Contact.objects.bulk_create([contact for one in additions for contact in one.contacts], ignore_conflicts=True)
    confirmed = [key for one in additions for key in one.confirmed]
    Contact.objects.filter(pk__in=confirmed, confirmed_at=None).update(confirmed_at=now)
    Note.objects.bulk_create([note for one in additions for note in one.notes])
    # In the order of the clients' keys, as everybody tags several clients, so that no two wait for one another.
    tagged = sorted((tagged for one in additions for tagged in one.tagged), key=lambda each: each.client_id)
    Tagged.objects.bulk_create(tagged, ignore_conflicts=True)


def _apply_details(client: Client, change: ImportedChange, now: datetime) -> None:
    for name, value in change.details.items():
        setattr(client, name, value)
    if change.confirms_client:
        client.confirmed_at = now
    client.updated_at = now


def _save_clients(clients: list[Client]) -> None:
    Client.objects.bulk_update(clients, ["name", "language", "custom", "confirmed_at", "updated_at"], batch_size=1000)
    update_search_text([client.pk for client in clients])


def _build_new_contacts(card: CardSnapshot, change: ImportedChange, now: datetime) -> list[Contact]:
    addresses = [(ContactKind.EMAIL, value) for value in change.emails]
    addresses += [(ContactKind.PHONE, value) for value in change.phones]
    source = ContactSource.UPLOAD
    return [
        Contact(client=card.client, kind=kind, value=value, source=source, confirmed_at=now, created_at=now)
        for kind, value in addresses
        if value not in card.unconfirmed
    ]


def _build_new_notes(upload: Upload, client: Client, change: ImportedChange, now: datetime) -> list[Note]:
    if not change.note:
        return []
    return [
        Note(
            client=client,
            body=change.note,
            author_id=upload.person_id,
            author_name=upload.person_name,
            created_at=now,
        )
    ]


def _build_undo_data(client: Client, change: ImportedChange, added: CardAdditions) -> dict[str, Any]:
    return {
        "details": {name: [getattr(client, name), value] for name, value in change.details.items()},
        "contacts": [str(contact.pk) for contact in added.contacts],
        "confirmed": [str(key) for key in added.confirmed],
        "notes": [str(note.pk) for note in added.notes],
        "tags": [str(tagged.tag_id) for tagged in added.tagged],
        "client_confirmed": change.confirms_client,
    }


def _build_entry_data(row: UploadRow, change: ImportedChange) -> dict[str, Any]:
    """Return the data of the timeline entry: no whole addresses and no texts of notes."""
    undo_data = row.undo_data or {}
    details = undo_data.get("details", {})
    return {
        "before": {name: pair[0] for name, pair in details.items()},
        "after": {name: pair[1] for name, pair in details.items()} | _mask_addresses(change),
        "added": {"emails": len(change.emails), "phones": len(change.phones), "tags": change.tags},
    }


def _mask_addresses(change: ImportedChange) -> dict[str, list[str]]:
    emails = [Identifier(ContactKind.EMAIL, value).masked for value in change.emails]
    phones = [Identifier(ContactKind.PHONE, value).masked for value in change.phones]
    return {"contacts": [*emails, *phones]} if emails or phones else {}
