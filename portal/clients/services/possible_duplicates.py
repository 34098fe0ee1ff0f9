"""Suggestions about two cards with one address that nobody has confirmed on one of them.

A public form may name anybody's address, so such an address joins no cards by itself: staff decide.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from portal.clients.models import Client, Contact, Suggestion, SuggestionKind, SuggestionResolution

# A suggestion names this many other cards at most: a switchboard's number may be on thousands.
MAX_OTHERS = 20


def suggest_duplicates(client_ids: Collection[UUID], values: Collection[str], *, source: str, now: datetime) -> None:
    """Suggest to merge these clients with others who have one of the values, where either has it unconfirmed."""
    found = Contact.objects.exclude_demo().filter(value__in=values, client__in=Client.objects.exclude_unlisted())
    contacts = list(found.filter(client__in=client_ids).order_by("value", "created_at", "pk")) if values else []
    _add_suggestions(contacts, found, source=source, now=now)


def suggest_duplicates_of(contacts: Sequence[Contact], *, source: str, now: datetime) -> None:
    """Do what `suggest_duplicates` does for some contacts of one client that were just written."""
    client_ids, values = {contact.client_id for contact in contacts}, {contact.value for contact in contacts}
    listed = Client.objects.exclude_unlisted()
    found = Contact.objects.exclude_demo().filter(Exists(listed.filter(pk__in=client_ids)), value__in=values)
    _add_suggestions(contacts, found.filter(client__in=listed), source=source, now=now)


def _add_suggestions(contacts: Sequence[Contact], found: QuerySet[Contact], *, source: str, now: datetime) -> None:
    suggestions = [
        _build_suggestion(contact, others, source=source, now=now)
        for contact, others in _pair_with_others(contacts, found)
        if others
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


def _pair_with_others(contacts: Sequence[Contact], found: QuerySet[Contact]) -> Iterable[tuple[Contact, list[Contact]]]:
    """Yield each contact with those of other cards, if it is unconfirmed itself, else with the unconfirmed ones."""
    candidates: dict[str, list[Contact]] = {}
    for other in _find_candidates(contacts, found):
        candidates.setdefault(other.value, []).append(other)
    for contact in contacts:
        others = [other for other in candidates.get(contact.value, ()) if other.client_id != contact.client_id]
        yield contact, [other for other in others if not (contact.confirmed_at and other.confirmed_at)][:MAX_OTHERS]


def _find_candidates(contacts: Sequence[Contact], found: QuerySet[Contact]) -> QuerySet[Contact]:
    """Return the oldest unconfirmed contacts of each value and, if one of these is unconfirmed, the confirmed ones.

    Of either there is one more than a suggestion names, as a card is no candidate for itself.
    """
    unconfirmed = {contact.value for contact in contacts if not contact.confirmed_at}
    is_unconfirmed = ExpressionWrapper(Q(confirmed_at=None), output_field=BooleanField())
    place = Window(RowNumber(), [F("value"), is_unconfirmed], [F("created_at"), F("pk")])
    in_question = found.filter(Q(confirmed_at=None) | Q(value__in=unconfirmed))
    oldest = in_question.filter(value__in={contact.value for contact in contacts}).annotate(place=place)
    return oldest.filter(place__lte=MAX_OTHERS + 1).order_by("value", "created_at", "pk")


def _build_suggestion(contact: Contact, others: list[Contact], *, source: str, now: datetime) -> Suggestion:
    return Suggestion(
        client_id=contact.client_id,
        kind=SuggestionKind.DUPLICATE,
        value=contact.value,
        submitted_data={"clients": [str(other.client_id) for other in others]},
        source=source,
        created_at=now,
    )
