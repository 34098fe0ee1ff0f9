"""Bulk upserts: rows that a program sends at once, processed as a list that is imported as soon as it was checked.

The rows become a CSV file, so that a worker reads, matches, imports, undoes and erases them as it does any list.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.clients.uploads import column_headings, column_mapping, services, upload_files
from portal.clients.uploads.models import FileKind, Upload, UploadState
from portal.clients.uploads.services import IN_PROGRESS_STATES
from portal.ui.formula_escaping import escape_formula
from tenants.business_locks import lock_business
from tenants.context import get_current_business
from tenants.staff.staff_actor import StaffActor

MAX_ROWS = 10_000
# The number that the first row has in its file.
FIRST_ROW = 1
# How many bulk upserts of a business may wait for a worker.
MAX_IN_PROGRESS = 10
# A column of its own for each value, so that no value is split from another one.
REPEATED_TARGETS = {
    "emails": column_headings.EMAIL,
    "phones": column_headings.PHONE,
    "tags": column_headings.TAGS,
}
SINGLE_TARGETS = {
    "name": column_headings.NAME,
    "language": column_headings.LANGUAGE,
    "note": column_headings.NOTE,
}


class TooManyBulkUpserts(Exception):
    """As many bulk upserts as possible are being processed already."""


@transaction.atomic
def start_bulk_upsert(
    *, rows: Sequence[Mapping[str, Any]], on_match: str, name: str, staff: StaffActor, now: datetime
) -> Upload:
    """Store rows, of which each may have a `name`, `emails`, `phones`, `language`, `tags`, a `note` and `custom`
    values by the key of their field, and have them checked and imported. Raises TooManyBulkUpserts.
    """
    business = get_current_business()
    assert business, "rows belong to a business"
    # So that no two calls are the last one both.
    lock_business(business)
    if Upload.objects.filter(imports_at_once=True, state__in=IN_PROGRESS_STATES).count() >= MAX_IN_PROGRESS:
        raise TooManyBulkUpserts
    columns = _list_columns(rows)
    data = _write_csv(rows, columns)
    upload = Upload.objects.create(
        name=upload_files.sanitise_filename(name),
        kind=FileKind.CSV,
        size=len(data),
        encoding="utf-8",
        separator=",",
        has_headings=False,
        columns=["", *(target for _field, _key, target in columns)],
        state=UploadState.CHECKING,
        rows_total=len(rows),
        on_match=on_match,
        imports_at_once=True,
        heartbeat_at=now,
        created_at=now,
        person_id=staff.person_id,
        person_name=staff.name,
        ip=staff.ip,
    )
    upload_files.store_file(upload, _split_into_chunks(data))
    services.enqueue_upload(upload)
    return upload


Column = tuple[str, Any, str]


def _list_columns(rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    """Return the columns that the rows need: the field, the place or key of its value, and the target."""
    columns: list[Column] = [(field, None, target) for field, target in SINGLE_TARGETS.items()]
    for field, target in REPEATED_TARGETS.items():
        width = max((len(row.get(field, ())) for row in rows), default=0)
        columns += [(field, index, target) for index in range(width)]
    keys = dict.fromkeys(key for row in rows for key in row.get("custom", ()))
    return columns + [("custom", key, f"{column_mapping.CUSTOM_PREFIX}{key}") for key in keys]


def _write_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> bytes:
    """Return the rows as a file. Its first column is the place of the row, so that no row of it is empty."""
    file = io.StringIO()
    writer = csv.writer(file)
    for place, row in enumerate(rows):
        writer.writerow([place, *(_format_cell(row, field, key) for field, key, _target in columns)])
    return file.getvalue().encode()


def _format_cell(row: Mapping[str, Any], field: str, key: Any) -> str:
    value = row.get(field)
    if isinstance(value, list):
        value = value[key] if key < len(value) else None
    elif isinstance(value, dict):
        value = _format_custom_value(value.get(key))
    # Of a file, an apostrophe before a formula is not part of the value.
    return escape_formula(value) if value and "'" in value else value or ""


def _format_custom_value(value: Any) -> str | None:
    """Return a custom value as a cell says it; a float gets a fourth decimal, since “1.125” may mean thousands."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        whole, point, decimals = repr(value).partition(".")
        return f"{whole}{point}{decimals.ljust(4, '0')}"
    return None if value is None else str(value)


def _split_into_chunks(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), upload_files.CHUNK_SIZE):
        yield data[start : start + upload_files.CHUNK_SIZE]
