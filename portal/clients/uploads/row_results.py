"""What became of the rows of an upload, as programs read it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, TextChoices

from portal.clients.models import Client
from portal.clients.uploads.error_texts import ABOUT_ROWS
from portal.clients.uploads.models import QUESTION_OUTCOMES, RowOutcome, Upload, UploadRow, UploadState
from portal.clients.uploads.row_candidates import NO_CANDIDATES, RowCandidates, find_candidates
from portal.clients.uploads.row_reviews import find_cards_in_question
from portal.ui.keyset_pagination import Keyset, parse_cursor_number


class RowStatus(TextChoices):
    """What became of a row: nothing yet while it is pending, and nothing at all where staff have to decide."""

    PENDING = "pending"
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    QUESTION = "question"
    ERROR = "error"


CONDITIONS = {
    RowStatus.CREATED: Q(outcome=RowOutcome.NEW),
    RowStatus.UPDATED: Q(outcome=RowOutcome.KNOWN, undo_data__isnull=False),
    RowStatus.UNCHANGED: Q(outcome=RowOutcome.KNOWN, undo_data__isnull=True),
    RowStatus.DUPLICATE: Q(outcome=RowOutcome.DUPLICATE),
    RowStatus.QUESTION: Q(outcome__in=QUESTION_OUTCOMES),
    RowStatus.ERROR: Q(outcome=RowOutcome.ERROR),
}
# What these rows are is known before the import.
DECIDED_BY_CHECK = (RowStatus.QUESTION, RowStatus.ERROR)
FINISHED_STATES = (UploadState.DONE, UploadState.UNDOING, UploadState.UNDONE)


ROW_KEYSET = Keyset({"number": parse_cursor_number}, is_descending=False)


@dataclass(frozen=True)
class RowResult:
    """One row: what became of it, whose card it is, and what its question is about.

    `other_row` is the number of the row that it repeats, or with which it is compared.
    """

    row: UploadRow
    status: RowStatus
    client_id: uuid.UUID | None = None
    other_row: int | None = None
    candidates: RowCandidates = NO_CANDIDATES
    card: Client | None = None


def filter_rows_by_status(upload: Upload, status: str) -> QuerySet[UploadRow]:
    """Return the rows of which this has become; all rows for an empty status."""
    if not status:
        return upload.rows.all()
    rows = upload.rows.filter(CONDITIONS[RowStatus(status)])
    if status in DECIDED_BY_CHECK:
        return rows
    if upload.state not in FINISHED_STATES:
        return rows.none()
    for written in _list_unwritten_ranges(upload):
        rows = rows.exclude(number__range=written)
    return rows


def count_rows_by_status(upload: Upload) -> dict[str, int]:
    """Return of how many rows of a finished upload this has become, for each status but pending."""
    counts = {name: upload.counts.get(name, 0) for name in ("created", "changed", "duplicate", "review", "conflict")}
    return {
        RowStatus.CREATED.value: counts["created"],
        RowStatus.UPDATED.value: counts["changed"],
        RowStatus.UNCHANGED.value: max(0, upload.counts.get("known", 0) - counts["changed"]),
        RowStatus.DUPLICATE.value: counts["duplicate"],
        RowStatus.QUESTION.value: counts["review"] + counts["conflict"],
        RowStatus.ERROR.value: upload.counts.get("error", 0),
    }


def list_row_results(upload: Upload, rows: Sequence[UploadRow]) -> list[RowResult]:
    """Return what became of some rows of an upload, in four statements at most."""
    candidates = find_candidates(rows)
    cards = find_cards_in_question(rows)
    unwritten = _list_unwritten_ranges(upload)
    return [
        _build_result(upload, row, unwritten, candidates.get(row.number, NO_CANDIDATES), cards.get(row.number))
        for row in rows
    ]


def _list_unwritten_ranges(upload: Upload) -> list[tuple[int, int]]:
    return list(upload.import_chunks.filter(is_written=False).values_list("first", "last"))


def _build_result(
    upload: Upload,
    row: UploadRow,
    unwritten: list[tuple[int, int]],
    candidates: RowCandidates,
    card: Client | None,
) -> RowResult:
    status = _get_status(upload, row, is_written=not any(first <= row.number <= last for first, last in unwritten))
    has_client = status in (RowStatus.CREATED, RowStatus.UPDATED, RowStatus.UNCHANGED)
    is_about_row = row.reason in ABOUT_ROWS and row.reason_detail.isdecimal()
    return RowResult(
        row,
        status,
        row.client_id if has_client else None,
        int(row.reason_detail) if is_about_row else None,
        candidates,
        card,
    )


def _get_status(upload: Upload, row: UploadRow, *, is_written: bool) -> RowStatus:
    if row.outcome == RowOutcome.ERROR:
        return RowStatus.ERROR
    if row.outcome in QUESTION_OUTCOMES:
        return RowStatus.QUESTION
    if upload.state not in FINISHED_STATES or not is_written:
        return RowStatus.PENDING
    if row.outcome == RowOutcome.NEW:
        return RowStatus.CREATED
    if row.outcome == RowOutcome.DUPLICATE:
        return RowStatus.DUPLICATE
    return RowStatus.UPDATED if row.undo_data is not None else RowStatus.UNCHANGED
