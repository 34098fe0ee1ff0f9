"""Erasing a person from uploaded lists, whatever their state: from the staged rows, the files and the files' names.

A row belongs to the person if it is on their card, has an address of theirs in a column of addresses, or is a
duplicate of such a row. Where an address stands in somebody else's row, only the address is removed.
"""

from contextlib import ExitStack
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.models import Client
from portal.clients.uploads.error_texts import explain_reading_error
from portal.clients.uploads.file_redaction import PreparedRedaction, apply_redaction, prepare_redaction
from portal.clients.uploads.joined_rows import find_duplicates_of
from portal.clients.uploads.models import FileChunk, Upload, UploadRow
from portal.clients.uploads.person_rows import IMPORTED_STATES, find_person_rows, remove_addresses
from portal.clients.uploads.row_classification import count_rows_by_outcome
from portal.clients.uploads.services import IN_PROGRESS_STATES
from portal.ui.person_mentions import MentionMatcher
from tenants.nouns.personal_data_policies import EraseFunction, ErasureRefused, PersonIdentity
from tenants.sandbox.slots import SandboxBusy

# The columns of a row in which it may mention somebody.
UPLOAD_ROW_TEXTS = (
    "name",
    "emails",
    "phones",
    "tags",
    "note",
    "custom",
    "search",
    "reason_detail",
    "undo_data",
    "own_values",
)
BLANK: dict[str, Any] = {
    "name": "",
    "emails": [],
    "phones": [],
    "language": "",
    "tags": [],
    "note": "",
    "custom": {},
    "search": "",
    "reason": "erased",
    "reason_detail": "",
    "undo_data": None,
    "own_values": None,
}


def lock_uploads() -> None:
    """Lock all uploads until the transaction ends. Raises ErasureRefused while a worker processes one of them.

    The worker has read the file already, so the person would come back with its next rows.
    """
    list(Upload.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    # Asked only now: while this waited for a lock, rows of that upload may have become an upload of their own.
    if Upload.objects.filter(state__in=IN_PROGRESS_STATES).exists():
        raise ErasureRefused(
            _("A list is being checked or imported right now. Wait until that is done, then erase the client.")
        )


class UploadErasure:
    """The erasure of a person from all uploads: their files are read before any lock is taken, and while `files` last.

    What has changed when the uploads are locked is read again then.
    """

    def __init__(self, person: PersonIdentity, files: ExitStack):
        self._person, self._files = person, files
        self._matcher = MentionMatcher(person)
        self._prepared: dict[UUID, PreparedRedaction] = {}

    def prepare(self) -> None:
        """Read the files, and write those without the person that name them. Raises ErasureRefused."""
        for upload in _list_filled_uploads().exclude(state__in=IN_PROGRESS_STATES):
            numbers, others = self._find_rows(upload)
            self._prepared[upload.pk] = self._prepare(upload, numbers, others)

    def erase(self) -> int:
        """Erase the person's rows from all uploads, which are locked; return how many. Raises ErasureRefused."""
        for upload in Upload.objects.order_by("pk"):
            _rename_upload(upload, self._matcher, self._person)
        return sum(self._erase_from(upload) for upload in _list_filled_uploads())

    def _erase_from(self, upload: Upload) -> int:
        numbers, others = self._find_rows(upload)
        redaction = self._prepared.get(upload.pk)
        if redaction is None or not redaction.is_current(upload, numbers, others):
            redaction = self._prepare(upload, numbers, others)
        numbers |= apply_redaction(upload, redaction)
        remove_addresses(upload, others, self._person)
        _erase_staged_rows(upload, numbers, self._person)
        if (numbers or others) and upload.state not in IMPORTED_STATES:
            _count_rows_again(upload)
        return len(numbers)

    def _find_rows(self, upload: Upload) -> tuple[set[int], set[int]]:
        numbers, others = find_person_rows(upload, self._person, self._matcher)
        return numbers | (find_duplicates_of(upload, numbers) - others), others

    def _prepare(self, upload: Upload, numbers: set[int], others: set[int]) -> PreparedRedaction:
        try:
            return prepare_redaction(upload, self._matcher, numbers, others, files=self._files)
        except SandboxBusy as error:
            raise ErasureRefused(explain_reading_error(error)) from error


def prepare_upload_erasure(person: PersonIdentity, files: ExitStack) -> EraseFunction:
    """Return the function that erases a person from uploads, once their files are read. Raises ErasureRefused."""
    erasure = UploadErasure(person, files)
    erasure.prepare()
    return lambda _person, _now: erasure.erase()


def erase_from_uploads(person: PersonIdentity) -> int:
    """Erase a person's rows from all uploads, which are locked; return how many there were. Raises ErasureRefused."""
    with ExitStack() as files:
        return UploadErasure(person, files).erase()


def count_rows_with_name(person: PersonIdentity) -> int:
    """Return how many rows have the person's name but none of their addresses; they may be somebody else's."""
    has_name = Q()
    for name in person.names:
        has_name |= Q(name__iexact=name)
    return UploadRow.objects.filter(has_name).count()


def _list_filled_uploads() -> QuerySet[Upload]:
    """Return the uploads that have rows or a file."""
    has_rows = Exists(UploadRow.objects.filter(upload=OuterRef("pk")))
    has_file = Exists(FileChunk.objects.filter(upload=OuterRef("pk")))
    return Upload.objects.filter(has_rows | has_file).order_by("pk")


def _erase_staged_rows(upload: Upload, numbers: set[int], person: PersonIdentity) -> None:
    rows = upload.rows.filter(number__in=numbers)
    if upload.state in IMPORTED_STATES:
        # Rows stay with the client they created, because undoing an import looks for them there.
        rows.exclude(client_id__in=_list_other_clients(rows, person)).update(**BLANK)
    else:
        rows.delete()


def _count_rows_again(upload: Upload) -> None:
    if upload.rows_done:
        upload.counts |= count_rows_by_outcome(upload)
        upload.rows_total = upload.rows_done = upload.rows.count()
        upload.save(update_fields=["counts", "rows_total", "rows_done"])


def _list_other_clients(rows: Any, person: PersonIdentity) -> list[Any]:
    """Return the other clients on whose cards these rows were imported: their rows lose the address only."""
    keys = rows.exclude(client_id__in=person.client_ids).exclude(client_id=None).values("client_id")
    return list(Client.objects.filter(pk__in=keys).values_list("pk", flat=True))


def _rename_upload(upload: Upload, matcher: MentionMatcher, person: PersonIdentity) -> None:
    """Give a file that was named after the person a plain name, on the timeline as well."""
    is_named_after = person.unique_names and matcher.has_name(upload.name.replace("_", " "))
    if not is_named_after and not matcher.is_about(upload.name):
        return
    before, upload.name = upload.name, f"list.{upload.kind}"
    upload.save(update_fields=["name"])
    renamed = Func(
        F("data"), Value({"list": upload.name}, JSONField()), template="(%(expressions)s)", arg_joiner=" || "
    )
    with activity.allow_mutation():
        Entry.objects.filter(subject_id=upload.pk, data__list=before).update(data=renamed)
