"""Answers about rows of which it isn't clear who they are: one person, or people who share an address."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from portal.clients.models import Client
from portal.clients.uploads.bulk_row_updates import CLASSIFIED_FIELDS, bulk_update_rows
from portal.clients.uploads.imported_changes import preview_changes
from portal.clients.uploads.joined_rows import rejoin_duplicates
from portal.clients.uploads.models import QUESTION_OUTCOMES, RowDecision, RowOutcome, Upload, UploadRow, UploadState
from portal.clients.uploads.row_candidates import ABOUT_CLIENTS, find_rows_of_candidates
from portal.clients.uploads.row_classification import classify_range, count_rows_by_outcome

CHUNK_ROWS = 5_000
FirstRows = dict[uuid.UUID, int]
# The reasons for which a row is compared with another row, not with a card.
ABOUT_EARLIER_ROW = ("same-address", "same-name")
# Rows of clients on the list, who have that card whatever the answer about the other row is.
KEEPS_CARD = Q(reason__in=ABOUT_EARLIER_ROW, client_id__isnull=False)
ANSWERED_SAME = "answered-same"


class ReviewClosed(Exception):
    """The upload is not waiting for answers, or the row and the client have nothing to do with each other."""


class ClientNotInQuestion(ReviewClosed):
    """The client named for the row with this number has none of its addresses, or nobody is named among several."""

    def __init__(self, number: int):
        super().__init__()
        self.number = number


class NewClientNameless(ReviewClosed):
    """The row with this number has no name, so it can't be a client of its own."""

    def __init__(self, number: int):
        super().__init__()
        self.number = number


@dataclass(frozen=True)
class RowAnswer:
    """The answer for a row; `client_id` says who it is where several clients are in question."""

    decision: RowDecision
    client_id: uuid.UUID | None = None


def find_earlier_rows(upload: Upload, rows: Iterable[UploadRow]) -> dict[int, UploadRow]:
    """Return the row with which each row is compared, by the row's number."""
    compared = {row.number: int(row.reason_detail) for row in rows if _names_earlier_row(row)}
    earlier = {row.number: row for row in upload.rows.filter(number__in=compared.values())}
    return {number: earlier[other] for number, other in compared.items() if other in earlier}


def find_cards_in_question(rows: Iterable[UploadRow]) -> dict[int, Client]:
    """Return the card of each row to review that would get an address of an earlier row, by the row's number."""
    keys = {
        row.number: row.client_id
        for row in rows
        if row.client_id and row.outcome == RowOutcome.REVIEW and row.reason in ABOUT_EARLIER_ROW
    }
    cards = Client.objects.exclude_unlisted().in_bulk(keys.values())
    return {number: cards[key] for number, key in keys.items() if key in cards}


def find_chosen_clients(rows: Iterable[UploadRow]) -> dict[int, Client]:
    """Return the client that each row is by an answer about clients, by the row's number."""
    keys = {
        row.number: row.client_id
        for row in rows
        if row.client_id and row.decision == RowDecision.SAME and row.reason not in ABOUT_EARLIER_ROW
    }
    clients = Client.objects.exclude_unlisted().in_bulk(keys.values())
    return {number: clients[key] for number, key in keys.items() if key in clients}


def answer_row(*, upload: Upload, number: int, decision: RowDecision, client_id: uuid.UUID | None = None) -> None:
    """Answer for one row; `client_id` says who it is where several clients are in question. Raises ReviewClosed."""
    answer_rows(upload=upload, answers={number: RowAnswer(decision, client_id)})


@transaction.atomic
def answer_rows(*, upload: Upload, answers: Mapping[int, RowAnswer]) -> None:
    """Answer for several rows, by their numbers; if one can't be answered so, for none. Raises ReviewClosed."""
    upload = _lock_checked_upload(upload)
    rows = list(upload.rows.filter(number__in=answers, outcome__in=QUESTION_OUTCOMES).order_by("number"))
    if len(rows) < len(answers):
        raise ReviewClosed
    _choose_clients(rows, answers)
    with rejoin_duplicates(upload):
        # New clients come first: a later row may be the same as one of them.
        for decision in (RowDecision.SEPARATE, RowDecision.SAME):
            if chosen := [row for row in rows if answers[row.number].decision == decision]:
                _save_answers(upload, chosen, decision, _find_first_rows(upload))
    _save_counts(upload)


@transaction.atomic
def answer_all_rows(*, upload: Upload, decision: RowDecision) -> int:
    """Answer for every row for which it is clear who it is; return how many are left. Raises ReviewClosed."""
    upload = _lock_checked_upload(upload)
    first_rows = _find_first_rows(upload)
    last = 0
    with rejoin_duplicates(upload):
        while rows := list(_list_open_rows(upload, decision).filter(number__gt=last).order_by("number")[:CHUNK_ROWS]):
            last = rows[-1].number
            _save_answers(upload, rows, decision, first_rows)
    _save_counts(upload)
    return sum(upload.counts[outcome] for outcome in QUESTION_OUTCOMES)


@transaction.atomic
def reopen_row(*, upload: Upload, number: int) -> None:
    """Take an answer back, with the answers that made other rows repeat this one. Raises ReviewClosed."""
    upload = _lock_checked_upload(upload)
    row = upload.rows.filter(number=number).exclude(decision="").exclude(reason="").first()
    if row is None:
        raise ReviewClosed
    with rejoin_duplicates(upload):
        repeated = upload.rows.filter(outcome=RowOutcome.DUPLICATE, reason_detail=str(number))
        for one in (row, *repeated.filter(reason="same-card", decision=RowDecision.SAME)):
            _reopen(upload, one)
        _restore_rows(upload, list(repeated.filter(reason=ANSWERED_SAME)))
    _save_counts(upload)


def _names_earlier_row(row: UploadRow) -> bool:
    """Return whether a row is compared with another one of its upload; an answered bulk upsert has that in another."""
    return row.reason in ABOUT_EARLIER_ROW and row.reason_detail != ""


def _choose_clients(rows: Iterable[UploadRow], answers: Mapping[int, RowAnswer]) -> None:
    """Set the client whom each row is said to be. Raises ClientNotInQuestion and NewClientNameless."""
    chosen = []
    for row in rows:
        if answers[row.number].decision == RowDecision.SEPARATE:
            if not row.name and not _keeps_card(row):
                raise NewClientNameless(row.number)
        elif row.reason in ABOUT_CLIENTS:
            row.client_id = answers[row.number].client_id or row.client_id
            chosen.append(row)
    fitting = find_rows_of_candidates(chosen)
    if wrong := [row for row in chosen if row.number not in fitting]:
        raise ClientNotInQuestion(wrong[0].number)


def _keeps_card(row: UploadRow) -> bool:
    """Return whether a row has its card whatever the answer is, as `KEEPS_CARD` says."""
    return row.client_id is not None and row.reason in ABOUT_EARLIER_ROW


def _lock_checked_upload(upload: Upload) -> Upload:
    locked = Upload.objects.select_for_update(no_key=True).get(pk=upload.pk)
    if locked.state != UploadState.CHECKED:
        raise ReviewClosed
    return locked


def _list_open_rows(upload: Upload, decision: RowDecision) -> QuerySet[UploadRow]:
    """Return the rows that wait for an answer and can be answered so.

    For SAME these are none for which several clients are in question, for SEPARATE none that lack a client's name.
    """
    rows = upload.rows.filter(outcome=RowOutcome.REVIEW)
    if decision == RowDecision.SAME:
        return rows.exclude(client_id=None, reason="other-name")
    return rows.exclude(~KEEPS_CARD, name="")


def _find_first_rows(upload: Upload) -> FirstRows:
    """Return the row of each client that the import updates."""
    known = upload.rows.filter(outcome=RowOutcome.KNOWN).order_by("-number")
    return {client_id: number for client_id, number in known.values_list("client_id", "number") if client_id}


def _save_answers(upload: Upload, rows: list[UploadRow], decision: RowDecision, first_rows: FirstRows) -> None:
    for row in rows:
        row.decision = decision
        if _keeps_card(row):
            row.outcome = RowOutcome.KNOWN
        elif decision == RowDecision.SEPARATE:
            row.outcome, row.client_id = RowOutcome.NEW, uuid.uuid4()
        elif row.client_id is None:
            row.outcome = RowOutcome.DUPLICATE
        else:
            _join_client(row, row.client_id, first_rows)
    preview_changes(row for row in rows if row.outcome == RowOutcome.KNOWN)
    bulk_update_rows(upload, rows, [*CLASSIFIED_FIELDS, "decision"])
    if decision == RowDecision.SAME:
        _join_earlier_rows(upload, [row for row in rows if row.outcome == RowOutcome.KNOWN])


def _join_earlier_rows(upload: Upload, rows: list[UploadRow]) -> None:
    """Let the new rows with which these were compared repeat them: they are the client, who has a card."""
    later = {int(row.reason_detail): row for row in rows if _names_earlier_row(row)}
    joined = list(upload.rows.filter(number__in=later, outcome=RowOutcome.NEW))
    for row in joined:
        row.outcome, row.reason, row.client_id, row.decision = RowOutcome.DUPLICATE, ANSWERED_SAME, None, ""
        row.reason_detail = str(later[row.number].number)
    bulk_update_rows(upload, joined, [*CLASSIFIED_FIELDS, "decision"])


def _reopen(upload: Upload, row: UploadRow) -> None:
    """Take the answer of a row back: it is a question again, unless the client list decides by now who it is."""
    is_about_earlier_row = row.reason in ABOUT_EARLIER_ROW
    row.client_id = row.client_id if row.outcome == RowOutcome.KNOWN else None
    row.outcome, row.decision = RowOutcome.REVIEW, ""
    if not is_about_earlier_row:
        row.outcome, row.client_id = RowOutcome.NEW, uuid.uuid4()
    bulk_update_rows(upload, [row], [*CLASSIFIED_FIELDS, "decision"])
    if not is_about_earlier_row:
        classify_range(upload, row.number, row.number, {})


def _restore_rows(upload: Upload, rows: list[UploadRow]) -> None:
    """Let rows be clients of their own again, as they were before an answer made them repeat another row."""
    for row in rows:
        row.outcome, row.reason, row.reason_detail = RowOutcome.NEW, "", ""
        row.client_id, row.decision = uuid.uuid4(), RowDecision.SEPARATE
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
