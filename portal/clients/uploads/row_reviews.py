"""Staff's answers about rows whose address somebody with another name has: one person, or people who share it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact, ContactKind
from portal.clients.uploads.bulk_row_updates import CLASSIFIED_FIELDS, bulk_update_rows
from portal.clients.uploads.models import RowDecision, RowOutcome, Upload, UploadRow, UploadState
from portal.clients.uploads.row_classification import classify_range, count_rows_by_outcome

CHUNK_ROWS = 5_000
FirstRows = dict[uuid.UUID, int]


class ReviewClosed(Exception):
    """The upload is not waiting for answers, or the row and the client have nothing to do with each other."""


@dataclass(frozen=True)
class RowCandidate:
    """A client with another name who has an address of a row; `masked` is that address."""

    client: Client
    masked: str


def find_candidates(rows: Iterable[UploadRow]) -> dict[int, list[RowCandidate]]:
    """Return the clients in question for each row, by the row's number: who has its email addresses, then its numbers.

    A row may have an address of one client and a number of another.
    """
    rows = list(rows)
    values = {value for row in rows for value in (*row.emails, *row.phones)}
    contacts = Contact.objects.confirmed().filter(value__in=values, client__in=Client.objects.exclude_unlisted())
    found = list(contacts.select_related("client").order_by("client__name", "client_id")) if values else []
    return {row.number: _list_candidates(found, [*row.emails, *row.phones]) for row in rows}


@transaction.atomic
def answer_row(*, upload: Upload, number: int, decision: RowDecision, client_id: uuid.UUID | None = None) -> None:
    """Answer for one row; `client_id` says who it is where several clients are in question. Raises ReviewClosed."""
    upload = _lock_checked_upload(upload)
    row = upload.rows.filter(number=number, outcome=RowOutcome.REVIEW).first()
    if row is None:
        raise ReviewClosed
    if decision == RowDecision.SAME and row.reason == "other-name":
        candidates = {candidate.client.pk for candidate in find_candidates([row])[number]}
        row.client_id = client_id or row.client_id
        if row.client_id not in candidates:
            raise ReviewClosed
    _save_answers(upload, [row], decision, _find_first_rows(upload))
    _save_counts(upload)


@transaction.atomic
def answer_all_rows(*, upload: Upload, decision: RowDecision) -> int:
    """Answer for every row for which it is clear who is meant; return how many are left. Raises ReviewClosed."""
    upload = _lock_checked_upload(upload)
    first_rows = _find_first_rows(upload)
    last = 0
    while rows := list(_list_open_rows(upload, decision).filter(number__gt=last).order_by("number")[:CHUNK_ROWS]):
        last = rows[-1].number
        _save_answers(upload, rows, decision, first_rows)
    _save_counts(upload)
    return upload.counts[RowOutcome.REVIEW]


@transaction.atomic
def reopen_row(*, upload: Upload, number: int) -> None:
    """Take an answer back. Raises ReviewClosed."""
    upload = _lock_checked_upload(upload)
    row = upload.rows.filter(number=number).exclude(decision="").exclude(reason="").first()
    if row is None:
        raise ReviewClosed
    is_about_earlier_row = row.reason == "same-address"
    row.outcome, row.decision, row.client_id = RowOutcome.REVIEW, "", None
    if not is_about_earlier_row:
        row.outcome, row.client_id = RowOutcome.NEW, uuid.uuid4()
    bulk_update_rows(upload, [row], [*CLASSIFIED_FIELDS, "decision"])
    if not is_about_earlier_row:
        classify_range(upload, number, number, {})
    _save_counts(upload)


def _list_candidates(contacts: list[Contact], values: list[str]) -> list[RowCandidate]:
    ordered = [contact for value in reversed(values) for contact in contacts if contact.value == value]
    found = {contact.client_id: contact for contact in ordered}
    return [
        RowCandidate(contact.client, Identifier(ContactKind(contact.kind), contact.value).masked)
        for contact in found.values()
    ]


def _lock_checked_upload(upload: Upload) -> Upload:
    locked = Upload.objects.select_for_update(no_key=True).get(pk=upload.pk)
    if locked.state != UploadState.CHECKED:
        raise ReviewClosed
    return locked


def _list_open_rows(upload: Upload, decision: RowDecision) -> QuerySet[UploadRow]:
    """Return the rows that wait for an answer, for SAME without those for which several clients are in question."""
    rows = upload.rows.filter(outcome=RowOutcome.REVIEW)
    return rows.exclude(client_id=None, reason="other-name") if decision == RowDecision.SAME else rows


def _find_first_rows(upload: Upload) -> FirstRows:
    """Return the row of each client that the import updates."""
    known = upload.rows.filter(outcome=RowOutcome.KNOWN).order_by("-number")
    return {client_id: number for client_id, number in known.values_list("client_id", "number") if client_id}


def _save_answers(upload: Upload, rows: list[UploadRow], decision: RowDecision, first_rows: FirstRows) -> None:
    for row in rows:
        row.decision = decision
        if decision == RowDecision.SEPARATE:
            row.outcome, row.client_id = RowOutcome.NEW, uuid.uuid4()
        elif row.client_id is None:
            row.outcome = RowOutcome.DUPLICATE
        else:
            _join_client(row, row.client_id, first_rows)
    bulk_update_rows(upload, rows, [*CLASSIFIED_FIELDS, "decision"])


def _join_client(row: UploadRow, client_id: uuid.UUID, first_rows: FirstRows) -> None:
    """Let a row update a client, or skip it if another row does so already."""
    first = first_rows.setdefault(client_id, row.number)
    row.outcome = RowOutcome.KNOWN
    if first != row.number:
        row.outcome, row.reason, row.reason_detail = RowOutcome.DUPLICATE, "same-card", str(first)


def _save_counts(upload: Upload) -> None:
    upload.counts |= count_rows_by_outcome(upload)
    upload.save(update_fields=["counts"])
