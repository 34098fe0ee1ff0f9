"""Rows of one upload that share an address: one person twice, or several people with one mailbox or number."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection

from portal.clients.services.name_comparison import normalise_name
from portal.clients.uploads.bulk_row_updates import CLASSIFIED_FIELDS, bulk_update_rows
from portal.clients.uploads.models import RowDecision, RowOutcome, Upload, UploadRow
from tenants.raw_sql import quote_table

CHUNK_ROWS = 5_000
SHARED_ADDRESSES = f"""
    WITH addresses AS MATERIALIZED (
        SELECT number, unnest(emails || phones) AS value FROM {quote_table(UploadRow)}
         WHERE upload_id = %s AND outcome IN ('new', 'known', 'review')
    ), shared AS (SELECT value FROM addresses GROUP BY value HAVING count(*) > 1)
    SELECT number, array_agg(value) FROM addresses JOIN shared USING (value) GROUP BY number ORDER BY number
"""


@dataclass
class EarlierRows:
    """The first row of each address, whether that row has a mailbox, and the first row of each address and name."""

    by_value: dict[str, tuple[int, bool]] = field(default_factory=dict)
    by_name: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, row: UploadRow, values: list[str], name: str) -> None:
        """Remember a row for the rows after it."""
        for value in values:
            self.by_value.setdefault(value, (row.number, bool(row.emails)))
            self.by_name.setdefault((value, name), row.number)

    def find_same_name(self, values: list[str], name: str) -> int | None:
        """Return the first row with this name and one of the values."""
        return min((self.by_name[value, name] for value in values if (value, name) in self.by_name), default=None)

    def find_first(self, values: list[str]) -> int | None:
        """Return the first row with one of the values."""
        return min((self.by_value[value][0] for value in values if value in self.by_value), default=None)

    def all_have_mailboxes(self, values: list[str]) -> bool:
        """Tell whether every first row with one of the values has an email address."""
        return all(self.by_value[value][1] for value in values if value in self.by_value)


def classify_shared_addresses(upload: Upload) -> None:
    """Mark rows that share an address with an earlier row: duplicates if the names agree, else for review.

    People with mailboxes of their own who share only a number, such as a switchboard, are separate people.
    """
    earlier = EarlierRows()
    for batch in _iter_shared_rows(upload):
        changed = [row for row, values in batch if _compare_with_earlier(row, values, earlier)]
        bulk_update_rows(upload, changed, [*CLASSIFIED_FIELDS, "decision"])


def _iter_shared_rows(upload: Upload) -> Iterator[list[tuple[UploadRow, list[str]]]]:
    """Yield the rows that share an address with another, each with the shared addresses, in the order of the file."""
    with connection.cursor() as cursor:
        cursor.execute(SHARED_ADDRESSES, [upload.pk])
        shared = dict(cursor.fetchall())
    numbers = list(shared)
    for start in range(0, len(numbers), CHUNK_ROWS):
        rows = upload.rows.filter(number__in=numbers[start : start + CHUNK_ROWS]).order_by("number")
        yield [(row, shared[row.number]) for row in rows]


def _compare_with_earlier(row: UploadRow, values: list[str], earlier: EarlierRows) -> bool:
    """Classify a row by the rows before it, and remember it; return whether it changed."""
    name = normalise_name(row.name)
    # Who is on the list already was found by a mailbox or a name there, so a shared number says nothing more.
    compared = [value for value in values if "@" in value] if row.outcome == RowOutcome.KNOWN else values
    original = earlier.find_same_name(compared, name)
    if original is not None:
        row.outcome, row.reason, row.reason_detail = RowOutcome.DUPLICATE, "same-person", str(original)
        return True
    is_new = row.outcome == RowOutcome.NEW
    if is_new and _is_in_question(row, values, earlier):
        row.outcome, row.reason, row.client_id = RowOutcome.REVIEW, "same-address", None
        row.reason_detail = str(earlier.find_first(values))
    elif is_new:
        # Chunks are imported in any order, so another row's card may be there first.
        row.decision = RowDecision.SEPARATE
    earlier.add(row, values, name)
    return is_new


def _is_in_question(row: UploadRow, values: list[str], earlier: EarlierRows) -> bool:
    """Tell whether a new row may be somebody of another name in an earlier row, not certainly another person."""
    if earlier.find_first(values) is None:
        return False
    has_own_mailbox = row.emails and earlier.find_first(row.emails) is None
    return not (has_own_mailbox and earlier.all_have_mailboxes(values))
