"""Classification of upload rows against the client list and against earlier rows.

It decides as `services.match_client` does for one person, but for thousands of rows in a few
statements: an exact email address decides, else an exact phone number; several matching cards are a conflict.
"""

import uuid
from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, Max, Min, Q

from portal.clients.uploads.address_matches import find_matches
from portal.clients.uploads.bulk_row_updates import CLASSIFIED_FIELDS, bulk_update_rows
from portal.clients.uploads.imported_changes import compute_imported_change, load_card_snapshots
from portal.clients.uploads.models import RowOutcome, Upload, UploadRow
from portal.ui.text_folding import fold_text

OnMatch = Upload.OnMatch
FirstMatches = dict[uuid.UUID, int]
CHUNK_ROWS = 5_000

DUPLICATES = """
    WITH addresses AS MATERIALIZED (
        SELECT number, outcome, unnest(emails) AS value FROM {rows}
         WHERE upload_id = %(upload)s AND outcome IN ('new', 'known')
        UNION ALL
        SELECT number, outcome, unnest(phones) FROM {rows} WHERE upload_id = %(upload)s AND outcome IN ('new', 'known')
    ), first AS (SELECT value, min(number) AS number FROM addresses GROUP BY value HAVING count(*) > 1)
    SELECT addresses.number, min(first.number) FROM addresses JOIN first USING (value)
     WHERE addresses.number > first.number AND (addresses.outcome = 'new' OR addresses.value LIKE '%%@%%')
     GROUP BY addresses.number
"""


def classify_rows(upload: Upload) -> None:
    """Classify every staged row, and set the upload's counts."""
    first_matches: FirstMatches = {}
    for first, last in iter_row_ranges(upload):
        classify_range(upload, first, last, first_matches)
    _reject_nameless_rows(upload, 0, upload.cursor)
    _classify_duplicates(upload)
    upload.counts = count_rows_by_outcome(upload)


def iter_row_ranges(upload: Upload) -> Iterator[tuple[int, int]]:
    """Yield ranges of row numbers, each with CHUNK_ROWS rows at most."""
    ends = upload.rows.aggregate(first=Min("number"), last=Max("number"))
    if ends["first"] is not None:
        for first in range(ends["first"], ends["last"] + 1, CHUNK_ROWS):
            yield first, min(first + CHUNK_ROWS - 1, ends["last"])


def classify_range(upload: Upload, first: int, last: int, first_matches: FirstMatches | None = None) -> set[str]:
    """Classify the new and known rows of a range by the client list as it is now; return their unconfirmed addresses.

    `first_matches` maps each card to the first row that matched it, and is added to. Without it, rows are
    classified for the second time and conflicts between rows are known already.
    """
    matches = find_matches(upload, first, last)
    hits = matches.clients_by_row
    chunk = upload.rows.filter(number__range=(first, last))
    unmatched = list(chunk.filter(outcome=RowOutcome.KNOWN).exclude(number__in=hits))
    matched = list(chunk.filter(number__in=hits))
    cards = load_card_snapshots({key for keys in hits.values() for key in keys if len(keys) == 1})
    previous_values = [[getattr(row, field) for field in CLASSIFIED_FIELDS] for row in matched]
    for row in matched:
        _classify_row(row, hits[row.number], cards, first_matches)
    # The second classification changes hardly any row.
    changed = [
        row
        for row, previous in zip(matched, previous_values, strict=True)
        if [getattr(row, field) for field in CLASSIFIED_FIELDS] != previous
    ]
    for row in unmatched:
        row.outcome, row.client_id = RowOutcome.NEW, uuid.uuid4()
    bulk_update_rows(upload, [*changed, *unmatched])
    if first_matches is None:
        _reject_nameless_rows(upload, first, last)
    return matches.unconfirmed_values


def _classify_row(row: UploadRow, keys: list[uuid.UUID], cards: dict, first_matches: FirstMatches | None) -> None:
    row.would_fill = row.would_overwrite = False
    if len(keys) > 1:
        row.outcome, row.reason, row.client_id = RowOutcome.CONFLICT, "several-cards", None
    elif first_matches is not None and first_matches.setdefault(keys[0], row.number) != row.number:
        row.outcome, row.reason, row.reason_detail = RowOutcome.CONFLICT, "same-card", str(first_matches[keys[0]])
    else:
        row.outcome, row.reason, row.client_id = RowOutcome.KNOWN, "", keys[0]
        row.would_fill = bool(compute_imported_change(cards[keys[0]], row, OnMatch.FILL))
        row.would_overwrite = bool(compute_imported_change(cards[keys[0]], row, OnMatch.OVERWRITE))


def _reject_nameless_rows(upload: Upload, first: int, last: int) -> None:
    """Mark new rows without a name as errors: a new card needs one."""
    nameless = upload.rows.filter(outcome=RowOutcome.NEW, name="", number__range=(first, last))
    nameless.update(outcome=RowOutcome.ERROR, reason="no-name")


def _classify_duplicates(upload: Upload) -> None:
    """Mark rows that share an address with an earlier row: duplicates if the names agree, else conflicts."""
    with connection.cursor() as cursor:
        cursor.execute(
            DUPLICATES.format(rows=connection.ops.quote_name(UploadRow._meta.db_table)), {"upload": upload.pk}
        )
        originals = dict(cursor.fetchall())
    numbers = list(originals)
    for start in range(0, len(numbers), CHUNK_ROWS):
        batch = numbers[start : start + CHUNK_ROWS]
        names = dict(
            upload.rows.filter(number__in={originals[number] for number in batch}).values_list("number", "name")
        )
        later = list(upload.rows.filter(number__in=batch))
        for row in later:
            same = not row.name or fold_text(row.name) == fold_text(names[originals[row.number]])
            row.outcome = RowOutcome.DUPLICATE if same else RowOutcome.CONFLICT
            row.reason, row.reason_detail = "same-person" if same else "same-address", str(originals[row.number])
        bulk_update_rows(upload, later)


def count_rows_by_outcome(upload: Upload) -> dict[str, int]:
    """Return the number of staged rows of each outcome, and of those that would change a card."""
    outcomes = upload.rows.order_by().values_list("outcome").annotate(rows=Count("*"))
    flags = {field: Count("number", filter=Q(**{field: True})) for field in ("would_fill", "would_overwrite")}
    return {**{outcome.value: 0 for outcome in RowOutcome}, **dict(outcomes), **upload.rows.aggregate(**flags)}
