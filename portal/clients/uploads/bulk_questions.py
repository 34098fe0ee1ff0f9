"""Questions of a bulk upsert about an earlier row of it, put again for their answers.

The earlier row is on the client list by now, so that a check of the rows alone would ask something else, or nothing.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.clients.models import Client, Contact
from portal.clients.uploads.bulk_row_updates import bulk_update_rows
from portal.clients.uploads.joined_rows import rejoin_duplicates
from portal.clients.uploads.models import QUESTION_OUTCOMES, RowDecision, RowOutcome, Upload, UploadRow
from portal.clients.uploads.row_reviews import ABOUT_EARLIER_ROW, find_earlier_rows

Owners = Mapping[str, set[uuid.UUID]]


@dataclass(frozen=True)
class EarlierQuestion:
    """A row that was compared with an earlier one, the card of the earlier one if it has one, and what is answered."""

    row: UploadRow
    earlier_card: uuid.UUID | None
    decision: RowDecision


def find_earlier_questions(
    upload: Upload, rows: Sequence[UploadRow], decisions: Sequence[RowDecision]
) -> dict[int, EarlierQuestion]:
    """Return the questions about an earlier row of an imported upload, by their places in `rows`."""
    compared = {place: row for place, row in enumerate(rows) if row.reason in ABOUT_EARLIER_ROW}
    earlier = find_earlier_rows(upload, compared.values()) if compared else {}
    has_card = (RowOutcome.NEW, RowOutcome.KNOWN)
    cards = {number: row.client_id for number, row in earlier.items() if row.outcome in has_card}
    return {place: EarlierQuestion(row, cards.get(row.number), decisions[place]) for place, row in compared.items()}


def restore_questions(upload: Upload, questions: Mapping[int, EarlierQuestion]) -> list[int]:
    """Put the questions again to the checked rows with these numbers; return those of which the list has decided."""
    if not questions:
        return []
    rows = list(upload.rows.filter(number__in=questions))
    owners = _find_owners(rows)
    outdated = [row.number for row in rows if not _restore_question(row, questions[row.number], owners)]
    with rejoin_duplicates(upload):
        bulk_update_rows(upload, rows)
    return outdated


def _find_owners(rows: Sequence[UploadRow]) -> Owners:
    """Return the listed clients who have each address of the rows."""
    values = {value for row in rows for value in (*row.emails, *row.phones)}
    contacts = Contact.objects.confirmed().filter(value__in=values, client__in=Client.objects.exclude_unlisted())
    owners: dict[str, set[uuid.UUID]] = {}
    for value, client_id in contacts.values_list("value", "client_id"):
        owners.setdefault(value, set()).add(client_id)
    return owners


def _restore_question(row: UploadRow, question: EarlierQuestion, owners: Owners) -> bool:
    """Put a question to a checked row again unless the list has answered it; return whether it can still be answered.

    A mailbox of the row that is on a card by now shows who the other person of the name and number is.
    """
    by_email = {key for value in row.emails for key in owners.get(value, ())}
    matched = by_email.union(*(owners.get(value, ()) for value in row.phones))
    asked = question.row
    if asked.client_id:
        _ask(row, asked.reason, asked.client_id)
        return asked.client_id in matched
    if asked.reason == "same-name" and question.decision == RowDecision.SEPARATE:
        _ask(row, asked.reason, None)
        return not by_email
    is_still_asked = row.outcome in QUESTION_OUTCOMES and question.earlier_card in matched
    if question.decision == RowDecision.SAME and is_still_asked:
        _ask(row, "other-name", question.earlier_card)
    return True


def _ask(row: UploadRow, reason: str, client_id: uuid.UUID | None) -> None:
    """Put a row up for review. The row with which it was compared is of another upload, so it is not named."""
    row.outcome, row.reason, row.reason_detail, row.client_id = RowOutcome.REVIEW, reason, "", client_id
