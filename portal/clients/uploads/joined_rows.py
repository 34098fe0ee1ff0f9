"""Joining the rows of one person: what a duplicate says beside its first row is imported with that row.

Nothing of a row is lost: addresses, tags and notes are added, and what the first row leaves empty is filled in. What
the first row said itself is kept, so that staff may take their answer back.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from portal.clients.services import build_search_text
from portal.clients.uploads.bulk_row_updates import bulk_update_rows
from portal.clients.uploads.imported_changes import preview_changes
from portal.clients.uploads.models import RowOutcome, Upload, UploadRow

CHUNK_ROWS = 1_000
VALUE_FIELDS = ("name", "emails", "phones", "language", "tags", "note", "custom", "search")


def join_duplicates(upload: Upload, numbers: Collection[int] | None = None) -> None:
    """Join rows with all of their duplicates, the rows with these numbers only if some are given."""
    groups = _group_duplicates(upload)
    joined = set(upload.rows.filter(own_values__isnull=False).values_list("number", flat=True))
    wanted = sorted((groups.keys() | joined) if numbers is None else numbers)
    for start in range(0, len(wanted), CHUNK_ROWS):
        _join_rows(upload, wanted[start : start + CHUNK_ROWS], groups)


@contextmanager
def rejoin_duplicates(upload: Upload) -> Iterator[None]:
    """Join rows anew whose duplicates the block has changed."""
    before = _group_duplicates(upload)
    yield
    after = _group_duplicates(upload)
    join_duplicates(upload, {key for key in {*before, *after} if before.get(key) != after.get(key)})


def find_duplicates_of(upload: Upload, numbers: Collection[int]) -> set[int]:
    """Return the duplicates that stand for the same people as these rows; their addresses may be other ones."""
    groups = _group_duplicates(upload).items()
    return {
        number
        for root, repeated in groups
        if root in numbers or not set(repeated).isdisjoint(numbers)
        for number in repeated
    }


def _group_duplicates(upload: Upload) -> dict[int, list[int]]:
    """Return the duplicates of each row that has some, in the order of the file, those of its duplicates among them."""
    duplicates = upload.rows.filter(outcome=RowOutcome.DUPLICATE).exclude(reason_detail="").order_by("number")
    originals = {number: int(detail) for number, detail in duplicates.values_list("number", "reason_detail")}
    groups: dict[int, list[int]] = {}
    for number in originals:
        groups.setdefault(_find_root(number, originals), []).append(number)
    return groups


def _find_root(number: int, originals: dict[int, int]) -> int:
    seen = {number}
    while (original := originals.get(number)) is not None and original not in seen:
        seen.add(original)
        number = original
    return number


def _join_rows(upload: Upload, numbers: list[int], groups: dict[int, list[int]]) -> None:
    further = {number for key in numbers for number in groups.get(key, ())}
    rows = {row.number: row for row in upload.rows.filter(number__in={*numbers, *further})}
    originals = [rows[number] for number in numbers if number in rows]
    changed = [row for row in originals if _join_row(row, [rows[number] for number in groups.get(row.number, ())])]
    bulk_update_rows(upload, changed, [*VALUE_FIELDS, "own_values"])
    known = [row for row in changed if row.outcome == RowOutcome.KNOWN]
    preview_changes(known)
    bulk_update_rows(upload, known)


def _join_row(row: UploadRow, duplicates: Iterable[UploadRow]) -> bool:
    """Give a row its own values, and what its duplicates add to them; return whether that changed it."""
    before = {field: getattr(row, field) for field in VALUE_FIELDS}
    own = row.own_values or before
    for field, value in own.items():
        setattr(row, field, value)
    repeated = list(duplicates)
    for duplicate in repeated:
        _add_values(row, duplicate)
    notes = dict.fromkeys([row.note, *(duplicate.note for duplicate in repeated)])
    row.note = "\n".join(note for note in notes if note)
    row.search = build_search_text(row.name, row.emails + row.phones)
    after = {field: getattr(row, field) for field in VALUE_FIELDS}
    row.own_values = own if after != own else None
    return after != before


def _add_values(row: UploadRow, duplicate: UploadRow) -> None:
    row.emails = list(dict.fromkeys([*row.emails, *duplicate.emails]))
    row.phones = list(dict.fromkeys([*row.phones, *duplicate.phones]))
    existing = {tag.lower() for tag in row.tags}
    row.tags = [*row.tags, *(tag for tag in duplicate.tags if tag.lower() not in existing)]
    row.name, row.language = row.name or duplicate.name, row.language or duplicate.language
    row.custom = duplicate.custom | row.custom
