"""What do the client list and the lists that were uploaded keep of a person?"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal.cards.holdings import Holding, Keys
from portal.clients.models import Client, Contact, Suggestion
from portal.clients.uploads.models import FileChunk, Upload, UploadRow
from portal.messaging.models import Suppression

State = Upload.State
READ = (State.DONE, State.UNDONE, State.FAILED)


def only_theirs(keys: Keys) -> set[str]:
    """Return the addresses on these cards that stand on no other: rows that name no card are theirs by them."""
    values = set(Contact.objects.filter(client__in=keys).values_list("value", flat=True))
    elsewhere = Contact.objects.filter(value__in=values).exclude(client__in=keys).values_list("value", flat=True)
    return values - set(elsewhere)


def _merge_contacts(kept: Client, gone: Client, now: datetime) -> None:
    """Move addresses; one that stands on both cards stays as the card that stays has it, confirmed if either was."""
    there = {(contact.kind, contact.value): contact for contact in kept.contacts.all()}
    for contact in gone.contacts.all():
        own = there.get((contact.kind, contact.value))
        if own is None:
            Contact.objects.filter(pk=contact.pk).update(client=kept, is_main=False)
            continue
        if contact.confirmed_at and not own.confirmed_at:
            Contact.objects.filter(pk=own.pk).update(confirmed_at=contact.confirmed_at)
        contact.delete()


def _erase_contacts(keys: Keys, now: datetime) -> None:
    """Delete addresses, and what providers said of those that no other card has."""
    Suppression.objects.filter(value__in=only_theirs(keys)).delete()
    Contact.objects.filter(client__in=keys).delete()


def _merge_suggestions(kept: Client, gone: Client, now: datetime) -> None:
    """Move what was typed; what waits on both cards goes on waiting once."""
    waiting = Suggestion.objects.filter(client=kept, resolved_at=None, kind=OuterRef("kind"), value=OuterRef("value"))
    Suggestion.objects.filter(Exists(waiting), client=gone, resolved_at=None).delete()
    Suggestion.objects.filter(client=gone).update(client=kept)


def _erase_suggestions(keys: Keys, now: datetime) -> None:
    """Delete what was typed about these cards, also where it might have meant another one."""
    might_mean = Q()
    for key in keys:
        might_mean |= Q(submitted_data__clients__contains=[str(key)])
    Suggestion.objects.filter(Q(client__in=keys) | might_mean).delete()


def _erase_upload_rows(keys: Keys, now: datetime) -> None:
    """Keep that there was a row; forget what it said, and the file it came in once that has been read."""
    rows = UploadRow.objects.filter(client_id__in=keys)
    FileChunk.objects.filter(upload__in=rows.values("upload"), upload__state__in=READ).delete()
    blank: dict[str, Any] = {"name": "", "emails": [], "phones": [], "tags": [], "note": "", "custom": {}}
    rows.update(**blank, language="", search="", reason_detail="", undo_data=None)


CONTACTS = Holding("contacts", _("Contact data"), "clients.Contact", merge=_merge_contacts, erase=_erase_contacts)
NOTES = Holding("notes", _("Notes"), "clients.Note", left_out=("author_id",))
SUGGESTIONS = Holding(
    "suggestions", _("Typed in forms"), "clients.Suggestion", merge=_merge_suggestions, erase=_erase_suggestions
)
# Rows stay with the card they made: undoing a list looks for it there.
UPLOAD_ROWS = Holding(
    "uploaded",
    _("Rows of uploaded lists"),
    "clients.UploadRow",
    order="upload__created_at",
    left_out=("client_id", "upload", "search", "undo_data", "would_fill", "would_overwrite"),
    moves=False,
    erase=_erase_upload_rows,
)
