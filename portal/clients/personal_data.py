"""The personal data policies of cards, contacts, notes, suggestions, tags, saved views and uploaded rows."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.clients.models import Client, ClientStatus, Contact, Suggestion, Tag
from portal.clients.services.possible_duplicates import resolve_merged_duplicates
from portal.clients.services.search_erasure import erase_searches
from portal.clients.services.search_text import update_search_text
from portal.clients.uploads.person_erasure import (
    UPLOAD_ROW_TEXTS,
    erase_from_uploads,
    lock_uploads,
    prepare_upload_erasure,
)
from portal.ui.person_mentions import MentionMatcher
from tenants.context import get_current_business
from tenants.nouns.personal_data_policies import PersonalDataPolicy, PersonIdentity
from tenants.raw_sql import check_model_columns

# What an anonymised card keeps; the search text follows from the name.
UNCHANGED_COLUMNS = ("id", "is_demo", "source", "search", "merged_into_id", "created_at")


def _merge_contacts(survivor_id: uuid.UUID, duplicate_id: uuid.UUID, now: datetime) -> None:
    """Move addresses; one that both clients have stays as it is with the survivor, confirmed if either was."""
    existing = {(contact.kind, contact.value): contact for contact in Contact.objects.filter(client=survivor_id)}
    for contact in Contact.objects.filter(client=duplicate_id):
        own = existing.get((contact.kind, contact.value))
        if own is None:
            Contact.objects.filter(pk=contact.pk).update(client=survivor_id, is_main=False)
            continue
        if contact.confirmed_at and not own.confirmed_at:
            Contact.objects.filter(pk=own.pk).update(confirmed_at=contact.confirmed_at)
        contact.delete()


def _move_suggestions(survivor_id: uuid.UUID, duplicate_id: uuid.UUID, now: datetime) -> None:
    """Move suggestions; one that is open for both clients is kept once, and one about the two of them is resolved."""
    resolve_merged_duplicates(survivor_id, duplicate_id, now=now)
    is_same = {"kind": OuterRef("kind"), "value": OuterRef("value")}
    same = Suggestion.objects.filter(client=survivor_id, resolved_at=None, **is_same)
    Suggestion.objects.filter(Exists(same), client=duplicate_id, resolved_at=None).delete()
    Suggestion.objects.filter(client=duplicate_id).update(client=survivor_id)


def _erase_suggestions(person: PersonIdentity, now: datetime) -> int:
    """Delete suggestions about the person, and remove them from the candidates of other people's."""
    matcher = MentionMatcher(person)
    about = [
        suggestion.pk
        for suggestion in Suggestion.objects.exclude(client__in=person.client_ids).iterator()
        if matcher.is_about(json.dumps(suggestion.submitted_data, ensure_ascii=False))
        and (suggestion.client_id is None or matcher.has_name(suggestion.value))
    ]
    is_theirs = Q(client__in=person.client_ids) | Q(value__in=person.addresses) | Q(pk__in=about)
    deleted = Suggestion.objects.filter(is_theirs).delete()[0]
    _remove_candidate(person)
    return deleted


def _remove_candidate(person: PersonIdentity) -> None:
    """Remove the person's cards from the candidates of suggestions, and delete those that have no other."""
    keys = {str(client_id) for client_id in person.client_ids}
    is_candidate = Q(pk=None)
    for key in keys:
        is_candidate |= Q(submitted_data__clients__contains=[key])
    for suggestion in Suggestion.objects.filter(is_candidate):
        candidates = [key for key in suggestion.submitted_data["clients"] if key not in keys]
        suggestion.submitted_data["clients"] = candidates
        suggestion.save(update_fields=["submitted_data"]) if candidates else suggestion.delete()


def _erase_upload_rows(person: PersonIdentity, now: datetime) -> int:
    return erase_from_uploads(person)


def _erase_searches(person: PersonIdentity, now: datetime) -> int:
    return erase_searches(person)


def _erase_tags(person: PersonIdentity, now: datetime) -> int:
    """Remove the person's tags, and delete those that hold an address of theirs or, if nobody else has them, a name."""
    removed = Client.tags.through.objects.filter(client__in=person.client_ids).delete()[0]
    matcher = MentionMatcher(person)
    for tag in Tag.objects.annotate(is_used=Exists(Client.tags.through.objects.filter(tag=OuterRef("pk")))):
        if matcher.is_about(tag.name) or (not tag.is_used and matcher.is_search_for(tag.name)):
            tag.delete()
    return removed


def _anonymise_clients(person: PersonIdentity, now: datetime) -> int:
    """Leave nothing of the cards but that they existed."""
    clients = Client.objects.filter(pk__in=person.client_ids)
    values: dict[str, Any] = {
        "name": _translate_erased_name(),
        "status": ClientStatus.ARCHIVED,
        "language": "",
        "time_zone": "",
        "custom": {},
        "signed_in_at": None,
        "confirmed_at": None,
        "archived_at": now,
        "blocked_at": None,
        "erased_at": now,
        "updated_at": now,
    }
    # A new column that is named in neither makes every erasure fail, so that it can't be forgotten.
    check_model_columns(Client, [*values, *UNCHANGED_COLUMNS])
    anonymised = clients.update(**values)
    update_search_text(person.client_ids)
    return anonymised


def _translate_erased_name() -> str:
    business = get_current_business()
    assert business, "clients belong to a business"
    with translation.override(business.language):
        return translation.gettext("Erased client")


POLICIES = (
    PersonalDataPolicy(
        "uploaded-rows",
        "clients.UploadRow",
        _("Rows of imported lists"),
        ordering="upload__created_at",
        excluded_columns=("client_id", "upload", "search", "undo_data", "own_values", "would_fill", "would_overwrite"),
        moves_on_merge=False,
        lock=lock_uploads,
        prepare_erasure=prepare_upload_erasure,
        erase=_erase_upload_rows,
        free_texts=UPLOAD_ROW_TEXTS,
        kept=_("Empty rows in the reports of imported lists, so that the rest of an import can still be undone."),
    ),
    PersonalDataPolicy(
        "suggestions",
        "clients.Suggestion",
        _("Form entries"),
        merge=_move_suggestions,
        erase=_erase_suggestions,
        free_texts=("submitted_data",),
    ),
    PersonalDataPolicy("notes", "clients.Note", _("Notes"), excluded_columns=("author_id",), free_texts=("body",)),
    PersonalDataPolicy(
        "searches",
        "clients.SavedView",
        moves_on_merge=False,
        erase=_erase_searches,
        erasure_label=_("Saved views and searches"),
    ),
    PersonalDataPolicy(
        "tags",
        "clients.Tag",
        moves_on_merge=False,
        erase=_erase_tags,
        erasure_label=_("Tags"),
    ),
    # The last two, because other rows are found by them.
    PersonalDataPolicy(
        "contacts",
        "clients.Contact",
        _("Contact details"),
        export_position=10,
        merge=_merge_contacts,
        free_texts=("label",),
    ),
    PersonalDataPolicy(
        "cards",
        "clients.Client",
        moves_on_merge=False,
        erase=_anonymise_clients,
        free_texts=("custom",),
        erasure_label=_("Cards, with their fields"),
        kept=_("An anonymous card without a name, because billing records refer to it."),
    ),
)
