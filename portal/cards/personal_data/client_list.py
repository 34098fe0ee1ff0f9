"""Personal data policies for the client list and uploads."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal.cards.personal_data.policies import ClientIds, PersonalDataPolicy
from portal.clients.models import Client, Contact, Suggestion
from portal.clients.uploads.models import FileChunk, Upload, UploadRow
from portal.messaging.models import Suppression

State = Upload.State
# In these states an upload's file is not needed any more.
PROCESSED_STATES = (State.DONE, State.UNDONE, State.FAILED)


def find_exclusive_addresses(client_ids: ClientIds) -> set[str]:
    """Return the addresses that only these clients have: rows that name no client are attributed by them."""
    values = set(Contact.objects.filter(client__in=client_ids).values_list("value", flat=True))
    elsewhere = Contact.objects.filter(value__in=values).exclude(client__in=client_ids).values_list("value", flat=True)
    return values - set(elsewhere)


def _merge_contacts(survivor: Client, duplicate: Client, now: datetime) -> None:
    """Move addresses; one that both clients have stays as it is with the survivor, confirmed if either was."""
    existing = {(contact.kind, contact.value): contact for contact in survivor.contacts.all()}
    for contact in duplicate.contacts.all():
        own = existing.get((contact.kind, contact.value))
        if own is None:
            Contact.objects.filter(pk=contact.pk).update(client=survivor, is_main=False)
            continue
        if contact.confirmed_at and not own.confirmed_at:
            Contact.objects.filter(pk=own.pk).update(confirmed_at=contact.confirmed_at)
        contact.delete()


def _erase_contacts(client_ids: ClientIds, now: datetime) -> None:
    """Delete addresses, and the suppressions of those that no other client has."""
    Suppression.objects.filter(value__in=find_exclusive_addresses(client_ids)).delete()
    Contact.objects.filter(client__in=client_ids).delete()


def _merge_suggestions(survivor: Client, duplicate: Client, now: datetime) -> None:
    """Move suggestions; one that is open for both clients is kept once."""
    same = Suggestion.objects.filter(client=survivor, resolved_at=None, kind=OuterRef("kind"), value=OuterRef("value"))
    Suggestion.objects.filter(Exists(same), client=duplicate, resolved_at=None).delete()
    Suggestion.objects.filter(client=duplicate).update(client=survivor)


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


CONTACTS = PersonalDataPolicy(
    "contacts", _("Contact details"), "clients.Contact", merge=_merge_contacts, erase=_erase_contacts
)
NOTES = PersonalDataPolicy("notes", _("Notes"), "clients.Note", excluded_columns=("author_id",))
SUGGESTIONS = PersonalDataPolicy(
    "suggestions", _("Form entries"), "clients.Suggestion", merge=_merge_suggestions, erase=_erase_suggestions
)
# Rows stay with the client they created, because undoing an import looks for them there.
UPLOAD_ROWS = PersonalDataPolicy(
    "uploaded-rows",
    _("Rows of imported lists"),
    "clients.UploadRow",
    ordering="upload__created_at",
    excluded_columns=("client_id", "upload", "search", "undo_data", "would_fill", "would_overwrite"),
    moves_on_merge=False,
    erase=_erase_upload_rows,
)
