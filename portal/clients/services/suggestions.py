"""Suggestions: differences between submitted data and client cards, for staff to decide on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from portal.clients.identifiers import Identifier
from portal.clients.models import (
    Client,
    Contact,
    ContactKind,
    Suggestion,
    SuggestionKind,
    SuggestionResolution,
)
from portal.clients.services.name_comparison import are_same_name
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key

NEWEST_FIRST = Keyset({"created_at": parse_cursor_instant, "pk": parse_cursor_key})
SUGGESTION_KINDS = {ContactKind.EMAIL: SuggestionKind.EMAIL, ContactKind.PHONE: SuggestionKind.PHONE}


def add_suggestion(
    *,
    client: Client | None,
    kind: SuggestionKind,
    value: str,
    submitted_data: dict[str, Any],
    source: str,
    subject_id: UUID,
    now: datetime,
) -> None:
    """Add a suggestion for a client, or without one where several match. An equal open one is not repeated."""
    fields: dict[str, Any] = {"submitted_data": submitted_data, "source": source, "subject_id": subject_id}
    add_suggestions(client=client, changes=[(kind, value)], now=now, **fields)


def add_suggestions(
    *,
    client: Client | None,
    changes: Iterable[tuple[SuggestionKind, str]],
    submitted_data: dict[str, Any],
    source: str,
    subject_id: UUID,
    now: datetime,
) -> None:
    """Add a suggestion for each kind and value. An equal open one is not repeated."""
    fields: dict[str, Any] = {"submitted_data": submitted_data, "source": source, "subject_id": subject_id}
    rows = [Suggestion(client=client, kind=kind, value=value, created_at=now, **fields) for kind, value in changes]
    # The unique constraint finds an equal one: two concurrent queries would both miss it.
    Suggestion.objects.bulk_create(rows, ignore_conflicts=True)


def query_open_suggestions(client: Client | None = None) -> QuerySet[Suggestion]:
    """Return the open suggestions of one client or of all, the newest first."""
    found = Suggestion.objects.exclude_demo().filter(resolved_at=None).select_related("client")
    return (found.filter(client=client) if client else found).order_by(*NEWEST_FIRST.ordering())


def find_ambiguous_suggestion(subject_id: UUID) -> Suggestion | None:
    """Return the open AMBIGUOUS suggestion that came from a row, such as an enquiry."""
    open_ones = Suggestion.objects.filter(kind=SuggestionKind.AMBIGUOUS, resolved_at=None)
    return open_ones.filter(subject_id=subject_id).first()


def resolve_suggestion(suggestion: Suggestion, resolution: SuggestionResolution, *, now: datetime) -> bool:
    """Close an open suggestion; return False if somebody else already has."""
    open_suggestion = Suggestion.objects.filter(pk=suggestion.pk, resolved_at=None)
    if not open_suggestion.update(resolved_at=now, resolution=resolution):
        return False
    suggestion.resolved_at, suggestion.resolution = now, resolution
    return True


def find_suggested_changes(
    client: Client, *, name: str, identifiers: Iterable[Identifier]
) -> list[tuple[SuggestionKind, str]]:
    """Return the submitted values that the client card lacks: another name, further addresses."""
    on_card = set(Contact.objects.filter(client=client).values_list("kind", "value"))
    found = [(SuggestionKind.NAME, name)] if name and not are_same_name(name, client.name) else []
    return found + [
        (SUGGESTION_KINDS[new.kind], new.value) for new in identifiers if (new.kind, new.value) not in on_card
    ]
