"""The personal data policies of contacts, notes, suggestions and uploaded rows."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal.clients.models import Contact, Suggestion
from portal.clients.services.possible_duplicates import resolve_merged_duplicates
from portal.clients.uploads.models import FileChunk, UploadRow, UploadState
from tenants.nouns.personal_data_policies import ClientIds, PersonalDataPolicy

# In these states an upload's file is not needed any more.
PROCESSED_STATES = (UploadState.DONE, UploadState.UNDONE, UploadState.FAILED)


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


def _erase_suggestions(client_ids: ClientIds, now: datetime) -> None:
    """Delete suggestions for these clients, ambiguous ones that might mean them included."""
    is_candidate = Q()
    for client_id in client_ids:
        is_candidate |= Q(submitted_data__clients__contains=[str(client_id)])
    Suggestion.objects.filter(Q(client__in=client_ids) | is_candidate).delete()


def _erase_upload_rows(client_ids: ClientIds, now: datetime) -> None:
    """Blank uploaded rows, and delete the file they came in once it has been processed."""
    rows = UploadRow.objects.filter(client_id__in=client_ids)
    FileChunk.objects.filter(upload__in=rows.values("upload"), upload__state__in=PROCESSED_STATES).delete()
    blank: dict[str, Any] = {"name": "", "emails": [], "phones": [], "tags": [], "note": "", "custom": {}}
    rows.update(**blank, language="", search="", reason_detail="", undo_data=None)


POLICIES = (
    # Rows stay with the client they created, because undoing an import looks for them there.
    PersonalDataPolicy(
        "uploaded-rows",
        "clients.UploadRow",
        _("Rows of imported lists"),
        ordering="upload__created_at",
        excluded_columns=("client_id", "upload", "search", "undo_data", "would_fill", "would_overwrite"),
        moves_on_merge=False,
        erase=_erase_upload_rows,
    ),
    PersonalDataPolicy(
        "suggestions", "clients.Suggestion", _("Form entries"), merge=_move_suggestions, erase=_erase_suggestions
    ),
    PersonalDataPolicy("notes", "clients.Note", _("Notes"), excluded_columns=("author_id",)),
    # Last, because other rows are found by them.
    PersonalDataPolicy("contacts", "clients.Contact", _("Contact details"), export_position=10, merge=_merge_contacts),
)
