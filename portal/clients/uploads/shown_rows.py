"""What pages show of the rows of an upload: what the question about each is, or how it was answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.clients.models import Client
from portal.clients.uploads.error_texts import explain_row_error
from portal.clients.uploads.models import QUESTION_OUTCOMES, Upload, UploadRow
from portal.clients.uploads.row_candidates import NO_CANDIDATES, find_candidates
from portal.clients.uploads.row_reviews import find_cards_in_question, find_chosen_clients, find_earlier_rows
from portal.clients.uploads.shown_candidates import ShownCandidate, describe_candidates


@dataclass(frozen=True)
class ShownRow:
    """One row with the reason for its outcome, and what its question is about: clients, or an earlier row.

    `candidates` are the first clients in question, beside whom there are `further_count` more. Of an answered row only
    `chosen` is shown, the client that it is. `card` is the client's who gets an address of the earlier row, if there
    is one.
    """

    row: UploadRow
    reason: str
    candidates: Sequence[ShownCandidate]
    further_count: int
    chosen: ShownCandidate | None
    earlier: UploadRow | None
    card: Client | None


def build_shown_rows(upload: Upload, rows: Sequence[UploadRow]) -> list[ShownRow]:
    """Return the rows of a page, each with what its question is about or how it was answered."""
    found = find_candidates(rows)
    described = describe_candidates({number: candidates.first for number, candidates in found.items()})
    chosen = find_chosen_clients(rows)
    earlier, cards = find_earlier_rows(upload, rows), find_cards_in_question(rows)
    return [
        ShownRow(
            row,
            explain_row_error(row.reason, row.reason_detail),
            described.get(row.number, []) if row.outcome in QUESTION_OUTCOMES else [],
            found.get(row.number, NO_CANDIDATES).further_count if row.outcome in QUESTION_OUTCOMES else 0,
            _describe_chosen(chosen.get(row.number), described.get(row.number, [])),
            earlier.get(row.number),
            cards.get(row.number),
        )
        for row in rows
    ]


def _describe_chosen(client: Client | None, candidates: Sequence[ShownCandidate]) -> ShownCandidate | None:
    """Return the chosen client as the question showed them, or by the name alone if they are beyond the first ones."""
    shown = (candidate for candidate in candidates if candidate.client == client)
    return next(shown, ShownCandidate(client)) if client else None
