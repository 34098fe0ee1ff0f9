"""What is to become of each row? Every row is held against the client list and against the rows before it.

The same question as `services.match` answers for one person, asked for thousands of rows in a few
statements: an exact email address decides, else an exact phone number, and several cards mean none.
"""

import uuid
from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, Max, Min, Q

from portal.clients.models import Client, Contact
from portal.clients.services import fold_text
from portal.clients.uploads.bulk_updates import CLASSIFIED_FIELDS, bulk_update_rows
from portal.clients.uploads.card_changes import compute_change, load_cards
from portal.clients.uploads.models import Upload, UploadRow

Outcome, OnMatch = UploadRow.Outcome, Upload.OnMatch
Owners = dict[uuid.UUID, int]
CHUNK_ROWS = 5_000

TABLES = {"rows": UploadRow, "contacts": Contact}
CONTACT_OWNERS = """
    SELECT value, client_id FROM {contacts} WHERE value = ANY(ARRAY(
        SELECT unnest(emails || phones) FROM {rows}
         WHERE upload_id = %(upload)s AND number BETWEEN %(first)s AND %(last)s AND outcome IN ('new', 'known')
    ))
"""
DUPLICATES = """
    WITH said AS MATERIALIZED (
        SELECT number, outcome, unnest(emails) AS value FROM {rows}
         WHERE upload_id = %(upload)s AND outcome IN ('new', 'known')
        UNION ALL
        SELECT number, outcome, unnest(phones) FROM {rows} WHERE upload_id = %(upload)s AND outcome IN ('new', 'known')
    ), first AS (SELECT value, min(number) AS number FROM said GROUP BY value HAVING count(*) > 1)
    SELECT said.number, min(first.number) FROM said JOIN first USING (value)
     WHERE said.number > first.number AND (said.outcome = 'new' OR said.value LIKE '%%@%%')
     GROUP BY said.number
"""


def classify_rows(upload: Upload) -> None:
    """Decide about every staged row, and count."""
    owners: Owners = {}
    for first, last in row_ranges(upload):
        classify_range(upload, first, last, owners)
    _reject_nameless(upload, 0, upload.cursor)
    _classify_duplicates(upload)
    upload.counts = _counts(upload)


def row_ranges(upload: Upload) -> Iterator[tuple[int, int]]:
    """Yield spans of row numbers, each with at most a chunk of rows in it."""
    ends = upload.rows.aggregate(first=Min("number"), last=Max("number"))
    if ends["first"] is not None:
        for first in range(ends["first"], ends["last"] + 1, CHUNK_ROWS):
            yield first, min(first + CHUNK_ROWS - 1, ends["last"])


def classify_range(upload: Upload, first: int, last: int, owners: Owners | None = None) -> None:
    """Decide about new and known rows of a span by the client list as it is now.

    `owners` are the rows that cards belong to already; it is added to. Without it, that question was settled before.
    """
    hits = _match_rows(upload, first, last)
    chunk = upload.rows.filter(number__range=(first, last))
    unmatched = list(chunk.filter(outcome=Outcome.KNOWN).exclude(number__in=hits))
    matched = list(chunk.filter(number__in=hits))
    cards = load_cards({key for keys in hits.values() for key in keys if len(keys) == 1})
    previous_values = [[getattr(row, field) for field in CLASSIFIED_FIELDS] for row in matched]
    for row in matched:
        _classify_row(row, hits[row.number], cards, owners)
    # At the second look nearly all are as they were.
    changed = [
        row
        for row, previous in zip(matched, previous_values, strict=True)
        if [getattr(row, field) for field in CLASSIFIED_FIELDS] != previous
    ]
    for row in unmatched:
        row.outcome, row.client_id = Outcome.NEW, uuid.uuid4()
    bulk_update_rows(upload, [*changed, *unmatched])
    if owners is None:
        _reject_nameless(upload, first, last)


def _match_rows(upload: Upload, first: int, last: int) -> dict[int, list[uuid.UUID]]:
    """Return the cards that rows of a span mean, by the row's number."""
    owners = _find_owners(upload, first, last)
    if not owners:
        return {}
    open_rows = upload.rows.filter(number__range=(first, last), outcome__in=(Outcome.NEW, Outcome.KNOWN))
    said = open_rows.values_list("number", "emails", "phones")
    hits = {
        number: _owners_of_values(emails, owners) or _owners_of_values(phones, owners)
        for number, emails, phones in said
    }
    return {number: keys for number, keys in hits.items() if keys}


def _owners_of_values(values: list[str], owners: dict[str, set[uuid.UUID]]) -> list[uuid.UUID]:
    return sorted({key for value in values for key in owners.get(value, ())})


def _find_owners(upload: Upload, first: int, last: int) -> dict[str, set[uuid.UUID]]:
    """Return the listed clients at each address that rows of a span name.

    What PostgreSQL knows of a table that a list is just filling is out of date: it is told to look every address
    up in the index, for what it would choose by itself may take a minute.
    """
    tables = {name: connection.ops.quote_name(model._meta.db_table) for name, model in TABLES.items()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        cursor.execute(CONTACT_OWNERS.format(**tables), {"upload": upload.pk, "first": first, "last": last})
        pairs = cursor.fetchall()
        cursor.execute("SELECT set_config('enable_seqscan', 'on', true)")
    listed = set(Client.objects.listed().filter(pk__in={key for _value, key in pairs}).values_list("pk", flat=True))
    owners: dict[str, set[uuid.UUID]] = {}
    for value, key in pairs:
        if key in listed:
            owners.setdefault(value, set()).add(key)
    return owners


def _classify_row(row: UploadRow, keys: list[uuid.UUID], cards: dict, owners: Owners | None) -> None:
    row.would_fill = row.would_overwrite = False
    if len(keys) > 1:
        row.outcome, row.reason, row.client_id = Outcome.CONFLICT, "several-cards", None
    elif owners is not None and owners.setdefault(keys[0], row.number) != row.number:
        row.outcome, row.reason, row.reason_detail = Outcome.CONFLICT, "same-card", str(owners[keys[0]])
    else:
        row.outcome, row.reason, row.client_id = Outcome.KNOWN, "", keys[0]
        row.would_fill = bool(compute_change(cards[keys[0]], row, OnMatch.FILL))
        row.would_overwrite = bool(compute_change(cards[keys[0]], row, OnMatch.OVERWRITE))


def _reject_nameless(upload: Upload, first: int, last: int) -> None:
    """A new card needs a name."""
    nameless = upload.rows.filter(outcome=Outcome.NEW, name="", number__range=(first, last))
    nameless.update(outcome=Outcome.ERROR, reason="no-name")


def _classify_duplicates(upload: Upload) -> None:
    """Set aside rows that share an address with an earlier one: twice the same person, or two who can't be told apart."""
    with connection.cursor() as cursor:
        cursor.execute(
            DUPLICATES.format(rows=connection.ops.quote_name(UploadRow._meta.db_table)), {"upload": upload.pk}
        )
        originals = dict(cursor.fetchall())
    numbers = list(originals)
    for start in range(0, len(numbers), CHUNK_ROWS):
        part = numbers[start : start + CHUNK_ROWS]
        names = dict(upload.rows.filter(number__in={originals[one] for one in part}).values_list("number", "name"))
        later = list(upload.rows.filter(number__in=part))
        for row in later:
            same = not row.name or fold_text(row.name) == fold_text(names[originals[row.number]])
            row.outcome = Outcome.DUPLICATE if same else Outcome.CONFLICT
            row.reason, row.reason_detail = "same-person" if same else "same-address", str(originals[row.number])
        bulk_update_rows(upload, later)


def _counts(upload: Upload) -> dict[str, int]:
    outcomes = upload.rows.order_by().values_list("outcome").annotate(rows=Count("*"))
    flags = {word: Count("number", filter=Q(**{word: True})) for word in ("would_fill", "would_overwrite")}
    return {**{outcome.value: 0 for outcome in Outcome}, **dict(outcomes), **upload.rows.aggregate(**flags)}
