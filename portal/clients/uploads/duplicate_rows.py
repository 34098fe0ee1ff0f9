"""Rows of one upload that share an address: one person twice, or several people with one mailbox or number.

No row is lost: a repetition is joined with the first row of the person, another name is a question, and so are two
mailboxes of one name and number. Whoever certainly is another person has a card of their own.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection

from portal.clients.models import Contact
from portal.clients.services.name_comparison import normalise_name
from portal.clients.uploads.bulk_row_updates import CLASSIFIED_FIELDS, bulk_update_rows
from portal.clients.uploads.joined_rows import join_duplicates
from portal.clients.uploads.models import QUESTION_OUTCOMES, RowDecision, RowOutcome, Upload, UploadRow
from tenants.raw_sql import quote_table

CHUNK_ROWS = 5_000
SHARED_ADDRESSES = f"""
    WITH addresses AS MATERIALIZED (
        SELECT number, unnest(emails || phones) AS value FROM {quote_table(UploadRow)}
         WHERE upload_id = %s AND outcome IN ('new', 'known', 'review', 'conflict')
    ), shared AS (SELECT value FROM addresses GROUP BY value HAVING count(*) > 1)
    SELECT number, array_agg(value) FROM addresses JOIN shared USING (value) GROUP BY number ORDER BY number
"""


@dataclass
class EarlierRows:
    """The first row of each address and of each address and name, all mailboxes of each row and its repetitions, and
    the client in question for each row with a question, if it is one.

    A row of a client on the list comes first of its name and mailbox, wherever it stands: it has a card.
    """

    by_value: dict[str, int] = field(default_factory=dict)
    by_name: dict[tuple[str, str], int] = field(default_factory=dict)
    mailboxes: dict[int, set[str]] = field(default_factory=dict)
    questions: dict[int, uuid.UUID | None] = field(default_factory=dict)

    def add(self, row: UploadRow, values: list[str], name: str, *, original: int) -> None:
        """Remember a row for the rows after it; `original` is its number, or that of the row it repeats."""
        self.mailboxes.setdefault(original, set()).update(row.emails)
        if row.outcome in QUESTION_OUTCOMES:
            self.questions[original] = row.client_id
        for value in values:
            self.by_value.setdefault(value, original)
            self.by_name.setdefault((value, name), original)

    def add_known(self, row: UploadRow, values: list[str], name: str) -> None:
        """Remember the mailboxes of a client on the list for every row of the same name."""
        self.mailboxes.setdefault(row.number, set()).update(row.emails)
        for value in values:
            if "@" in value:
                self.by_name.setdefault((value, name), row.number)

    def find_same_name(self, values: list[str], name: str) -> int | None:
        """Return the first row with this name and one of the values."""
        return min((self.by_name[value, name] for value in values if (value, name) in self.by_name), default=None)

    def find_first(self, values: list[str]) -> int | None:
        """Return the first row with one of the values."""
        return min((self.by_value[value] for value in values if value in self.by_value), default=None)

    def is_same_question(self, row: UploadRow, original: int) -> bool:
        """Tell whether a row's question is about the client about whom an earlier row is."""
        return original in self.questions and self.questions[original] == row.client_id

    def all_have_mailboxes(self, values: list[str]) -> bool:
        """Tell whether every first row with one of the values has an email address."""
        return all(self.mailboxes[self.by_value[value]] for value in values if value in self.by_value)


def classify_shared_addresses(upload: Upload) -> None:
    """Mark rows that share an address with another row: duplicates if the names agree, else for review.

    People with mailboxes of their own who share only a number, such as a switchboard, are separate people.
    """
    earlier = EarlierRows()
    for batch in _iter_shared_rows(upload, RowOutcome.KNOWN):
        for row, values in batch:
            earlier.add_known(row, values, normalise_name(row.name))
    for batch in _iter_shared_rows(upload):
        added = _list_added_addresses([row for row, _values in batch])
        changed = [
            row for row, values in batch if _compare_with_earlier(row, values, added.get(row.number, set()), earlier)
        ]
        bulk_update_rows(upload, changed, [*CLASSIFIED_FIELDS, "decision"])
    join_duplicates(upload)


def _iter_shared_rows(upload: Upload, *outcomes: RowOutcome) -> Iterator[list[tuple[UploadRow, list[str]]]]:
    """Yield the rows that share an address with another, each with the shared addresses, in the order of the file."""
    with connection.cursor() as cursor:
        cursor.execute(SHARED_ADDRESSES, [upload.pk])
        shared = dict(cursor.fetchall())
    numbers = list(shared)
    for start in range(0, len(numbers), CHUNK_ROWS):
        rows = upload.rows.filter(number__in=numbers[start : start + CHUNK_ROWS]).order_by("number")
        found = rows.filter(outcome__in=outcomes) if outcomes else rows
        yield [(row, shared[row.number]) for row in found]


def _list_added_addresses(rows: list[UploadRow]) -> dict[int, set[str]]:
    """Return the addresses that an import may add to the cards of known rows, by the number of the row."""
    adding = [row for row in rows if row.outcome == RowOutcome.KNOWN and row.adds_address]
    contacts = Contact.objects.confirmed().filter(client__in=[row.client_id for row in adding])
    existing: set[tuple[uuid.UUID | None, str]] = set(contacts.values_list("client_id", "value"))
    return {
        row.number: {value for value in (*row.emails, *row.phones) if (row.client_id, value) not in existing}
        for row in adding
    }


def _compare_with_earlier(row: UploadRow, values: list[str], added: set[str], earlier: EarlierRows) -> bool:
    """Classify a row by other rows, and remember it; return whether it changed. `added` is what its card gets."""
    name = normalise_name(row.name)
    if row.outcome == RowOutcome.KNOWN:
        # Its client was found by an address and a name, so only what the card gets by it is a question.
        is_changed = _mark_question(row, [value for value in values if value in added], earlier)
    else:
        is_changed = _join_with_same_name(row, values, name, earlier)
    if row.outcome == RowOutcome.NEW:
        is_changed = True
        if not _mark_question(row, values, earlier):
            # Chunks are imported in any order, so another row's card may be there first.
            row.decision = RowDecision.SEPARATE
    is_repetition = row.outcome == RowOutcome.DUPLICATE
    earlier.add(row, values, name, original=int(row.reason_detail) if is_repetition else row.number)
    return is_changed


def _join_with_same_name(row: UploadRow, values: list[str], name: str, earlier: EarlierRows) -> bool:
    """Mark a row as a repetition of one with the same name and an address of it, or as a question whether it is.

    Rows without a name may be different people who share a mailbox.
    """
    if not name:
        return False
    original = earlier.find_same_name([value for value in values if "@" in value], name)
    is_certain = original is not None
    original = original or earlier.find_same_name(values, name)
    if original is None:
        return False
    is_certain = is_certain or not row.emails or not earlier.mailboxes[original]
    if row.outcome in QUESTION_OUTCOMES and not (is_certain and earlier.is_same_question(row, original)):
        return False
    row.outcome, row.reason, row.reason_detail = RowOutcome.DUPLICATE, "same-person", str(original)
    if not is_certain:
        row.outcome, row.reason, row.client_id = RowOutcome.REVIEW, "same-name", None
    return True


def _mark_question(row: UploadRow, values: list[str], earlier: EarlierRows) -> bool:
    """Put a row up for review if it may be somebody of another name in an earlier row; return whether it may.

    A row of a client on the list keeps its card.
    """
    values = [value for value in values if earlier.by_value.get(value) not in (None, row.number)]
    if not _is_in_question(row, values, earlier):
        return False
    row.client_id = row.client_id if row.outcome == RowOutcome.KNOWN else None
    row.outcome, row.reason, row.reason_detail = RowOutcome.REVIEW, "same-address", str(earlier.find_first(values))
    return True


def _is_in_question(row: UploadRow, values: list[str], earlier: EarlierRows) -> bool:
    """Tell whether a row may be somebody of another name in an earlier row, not certainly another person."""
    if not values:
        return False
    has_own_mailbox = row.emails and earlier.find_first(row.emails) is None
    return not (has_own_mailbox and earlier.all_have_mailboxes(values))
