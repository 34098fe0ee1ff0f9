"""Suggestions about two cards with one address that nobody has confirmed on one of them.

A public form may name anybody's address, so such an address joins no cards by itself: staff decide.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import groupby
from uuid import UUID

from portal.clients.models import Client, Contact, Suggestion, SuggestionKind, SuggestionResolution


def suggest_duplicates(client_ids: Collection[UUID], values: Collection[str], *, source: str, now: datetime) -> None:
    """Suggest to merge these clients with others who have one of the values, where either has it unconfirmed."""
    found = Contact.objects.exclude_demo().filter(value__in=values, client__in=Client.objects.exclude_unlisted())
    contacts = found.order_by("value", "created_at", "pk") if values else ()
    suggestions = [
        _build_suggestion(contact, others, source=source, now=now)
        for _value, group in groupby(contacts, key=lambda contact: contact.value)
        for contact, others in _pair_with_others(list(group))
        if contact.client_id in client_ids and others
    ]
    # An open suggestion about the same address is kept.
    Suggestion.objects.bulk_create(suggestions, ignore_conflicts=True)


def list_possible_duplicates(suggestion: Suggestion) -> list[Client]:
    """Return the other clients of a suggestion that are still on the list, with their contacts."""
    others = Client.objects.exclude_unlisted().filter(pk__in=suggestion.submitted_data.get("clients", []))
    return list(others.exclude(pk=suggestion.client_id).order_by("name", "pk").prefetch_related("contacts"))


def resolve_merged_duplicates(survivor_id: UUID, duplicate_id: UUID, *, now: datetime) -> None:
    """Close the suggestions that asked whether these two clients are one person."""
    pair = {survivor_id: duplicate_id, duplicate_id: survivor_id}
    for client_id, other_id in pair.items():
        about_both = {"client": client_id, "submitted_data__clients": [str(other_id)]}
        open_ones = Suggestion.objects.filter(kind=SuggestionKind.DUPLICATE, resolved_at=None, **about_both)
        open_ones.update(resolved_at=now, resolution=SuggestionResolution.ACCEPTED)


def _pair_with_others(contacts: list[Contact]) -> Iterable[tuple[Contact, list[Contact]]]:
    """Yield each contact with those of other cards, if it is unconfirmed itself, else with the unconfirmed ones."""
    for contact in contacts:
        others = [other for other in contacts if other.client_id != contact.client_id]
        yield contact, [other for other in others if not (contact.confirmed_at and other.confirmed_at)]


def _build_suggestion(contact: Contact, others: list[Contact], *, source: str, now: datetime) -> Suggestion:
    return Suggestion(
        client_id=contact.client_id,
        kind=SuggestionKind.DUPLICATE,
        value=contact.value,
        submitted_data={"clients": [str(other.client_id) for other in others]},
        source=source,
        created_at=now,
    )
