"""How do rows change cards that are there already? And what has to be remembered to put them back?"""

import uuid
from datetime import datetime
from typing import Any

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.clients.models import Client, Contact, Note, Tag
from portal.clients.services import update_search_text
from portal.clients.uploads.cards import Card, Change, cards_of, change_for
from portal.clients.uploads.models import Upload, UploadRow
from portal.clients.uploads.noting import note

Tagged = Client.tags.through


class CardGone(Exception):
    """A card was merged, erased or removed after its row had been judged."""


def change_cards(upload: Upload, first: int, last: int, *, now: datetime, **by: Any) -> int:
    """Change the cards that the known rows of a span belong to, as was chosen; return how many were. Raises CardGone."""
    if upload.on_match == Upload.OnMatch.SKIP:
        return 0
    rows = list(upload.rows.filter(number__range=(first, last), outcome=UploadRow.Outcome.KNOWN, before__isnull=True))
    _hold_cards(rows)
    cards = cards_of(row.client_id for row in rows)
    pairs = [(row, cards[row.client_id]) for row in rows if row.client_id]
    changes = [(row, card, change) for row, card in pairs if (change := change_for(card, row, upload.on_match))]
    if changes:
        _write(upload, changes, now=now)
        lines = [(card.client.pk, _told(row, change)) for row, card, change in changes]
        activity.record_many(EventType.CLIENT_CHANGED, client_data=lines, at=now, subject_id=upload.pk, **by)
    return len(changes)


def _hold_cards(rows: list[UploadRow]) -> None:
    """Let nobody change these cards before we have: other threads write rows of the list, too. Raises CardGone."""
    keys = {row.client_id for row in rows}
    held = Client.objects.listed().filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
    if len(held.values_list("pk", flat=True)) < len(keys):
        raise CardGone


def _write(upload: Upload, changes: list[tuple[UploadRow, Card, Change]], *, now: datetime) -> None:
    tags = {name.lower(): key for key, name in Tag.objects.values_list("pk", "name")}
    contacts: list[Contact] = []
    notes: list[Note] = []
    tagged: list[Any] = []
    for row, card, change in changes:
        own = _contacts(card.client, change, now), _notes(upload, card.client, change, now)
        words = [tags[word.lower()] for word in change.tags if word.lower() in tags]
        row.before = _remembered(card.client, change, *own, words)
        contacts += own[0]
        notes += own[1]
        tagged += [Tagged(client_id=card.client.pk, tag_id=key) for key in words]
        _apply(card.client, change, now)
    Contact.objects.bulk_create(contacts, ignore_conflicts=True)
    Note.objects.bulk_create(notes)
    Tagged.objects.bulk_create(tagged, ignore_conflicts=True)
    note(upload, [row for row, _card, _change in changes], ["before"])
    _save([card.client for _row, card, _change in changes])


def _apply(client: Client, change: Change, now: datetime) -> None:
    for name, value in change.details.items():
        setattr(client, name, value)
    client.updated_at = now


def _save(clients: list[Client]) -> None:
    Client.objects.bulk_update(clients, ["name", "language", "custom", "updated_at"], batch_size=1000)
    update_search_text([client.pk for client in clients])


def _contacts(client: Client, change: Change, now: datetime) -> list[Contact]:
    said = [(Contact.Kind.EMAIL, value) for value in change.emails]
    said += [(Contact.Kind.PHONE, value) for value in change.phones]
    source = Contact.Source.UPLOAD
    return [
        Contact(client=client, kind=kind, value=value, source=source, confirmed_at=now, created_at=now)
        for kind, value in said
    ]


def _notes(upload: Upload, client: Client, change: Change, now: datetime) -> list[Note]:
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


def _remembered(
    client: Client, change: Change, contacts: list[Contact], notes: list[Note], tags: list[uuid.UUID]
) -> dict[str, Any]:
    return {
        "details": {name: [getattr(client, name), value] for name, value in change.details.items()},
        "contacts": [str(contact.pk) for contact in contacts],
        "notes": [str(note.pk) for note in notes],
        "tags": [str(key) for key in tags],
    }


def _told(row: UploadRow, change: Change) -> dict[str, Any]:
    """Return what the timeline says of a change: never a whole address, and of notes only that there is one more."""
    remembered = row.before or {}
    details = remembered.get("details", {})
    return {
        "before": {name: pair[0] for name, pair in details.items()},
        "after": {name: pair[1] for name, pair in details.items()},
        "added": {"emails": len(change.emails), "phones": len(change.phones), "tags": change.tags},
    }
