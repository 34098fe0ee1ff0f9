"""The changes that an upload row makes to an existing client card."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from portal.clients.models import Client, Contact, ContactKind, Note, Tag
from portal.clients.uploads.models import Upload, UploadRow

OnMatch = Upload.OnMatch


@dataclass
class CardSnapshot:
    """A client with their addresses, tags and notes, as a row is compared with them.

    `unconfirmed` has the keys of the contacts that nobody has confirmed, by their value.
    """

    client: Client
    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    unconfirmed: dict[str, uuid.UUID] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)

    @property
    def confirmed(self) -> set[str]:
        """Return the addresses that are confirmed, with which the client can sign in."""
        return (self.emails | self.phones) - self.unconfirmed.keys()

    @property
    def is_nameless(self) -> bool:
        """Return whether the card only has an address in the place of a name."""
        return self.client.name.strip().lower() in self.emails | self.phones


@dataclass
class ImportedChange:
    """The values that a row adds to a card or replaces on it. False if there are none.

    An address that is unconfirmed on the card counts as missing there, and is confirmed instead of added. So is the
    client of a card that a public form made.
    """

    details: dict[str, Any] = field(default_factory=dict)
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    note: str = ""
    confirms_client: bool = False

    @property
    def addresses(self) -> list[str]:
        """Return all addresses that the row adds or confirms."""
        return [*self.emails, *self.phones]

    def __bool__(self) -> bool:
        return bool(self.details or self.emails or self.phones or self.tags or self.note or self.confirms_client)


def load_card_snapshots(client_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, CardSnapshot]:
    """Load the cards of these clients, in four statements."""
    keys = [key for key in client_ids if key]
    cards = {client.pk: CardSnapshot(client) for client in Client.objects.filter(pk__in=keys)}
    for contact in Contact.objects.filter(client__in=keys):
        card = cards[contact.client_id]
        (card.emails if contact.kind == ContactKind.EMAIL else card.phones).add(contact.value)
        if not contact.confirmed_at:
            card.unconfirmed[contact.value] = contact.pk
    for key, name in Tag.objects.filter(clients__in=keys).values_list("clients", "name"):
        if key in cards:
            cards[key].tags.add(name.lower())
    for key, body in Note.objects.filter(client__in=keys).values_list("client", "body"):
        cards[key].notes.add(body)
    return cards


def compute_imported_change(card: CardSnapshot, row: UploadRow, on_match: str) -> ImportedChange:
    """Return what a row changes on its card. An empty value changes nothing, whatever `on_match` says."""
    if on_match == OnMatch.SKIP:
        return ImportedChange()
    overwrites = on_match == OnMatch.OVERWRITE
    return ImportedChange(
        details=_compare_details(card.client, row, overwrites=overwrites),
        emails=_find_new_addresses(row.emails, card.emails - card.unconfirmed.keys(), overwrites=overwrites),
        phones=_find_new_addresses(row.phones, card.phones - card.unconfirmed.keys(), overwrites=overwrites),
        tags=[tag for tag in row.tags if tag.lower() not in card.tags],
        note=row.note if row.note not in card.notes and (overwrites or not card.notes) else "",
        confirms_client=not card.client.is_confirmed,
    )


def preview_changes(rows: Iterable[UploadRow]) -> None:
    """Set for each row with a card what an import would change there."""
    with_card = [row for row in rows if row.client_id]
    cards = load_card_snapshots(row.client_id for row in with_card)
    for row in with_card:
        if row.client_id:
            preview_change(row, cards[row.client_id])


def preview_change(row: UploadRow, card: CardSnapshot) -> None:
    """Set what an import would change on the card, and with which choice it would add an address."""
    fill, overwrite = (compute_imported_change(card, row, choice) for choice in (OnMatch.FILL, OnMatch.OVERWRITE))
    row.would_fill, row.would_overwrite = bool(fill), bool(overwrite)
    row.adds_address = OnMatch.FILL if fill.addresses else OnMatch.OVERWRITE if overwrite.addresses else ""


def _compare_details(client: Client, row: UploadRow, *, overwrites: bool) -> dict[str, Any]:
    values = {"name": row.name, "language": row.language}
    details: dict[str, Any] = {
        name: value
        for name, value in values.items()
        if value and value != (existing := getattr(client, name)) and (overwrites or not existing)
    }
    custom = client.custom | row.custom if overwrites else row.custom | client.custom
    return details | ({"custom": custom} if custom != client.custom else {})


def _find_new_addresses(values: list[str], existing: set[str], *, overwrites: bool) -> list[str]:
    """Return the addresses to add: all new ones or, if only gaps are filled, those of a kind the card has none of."""
    return [value for value in values if value not in existing] if overwrites or not existing else []
