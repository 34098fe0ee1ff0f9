"""Staging: parsing the rows of a file into UploadRows, a chunk to a transaction."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice

from django.db import transaction

from portal.clients.models import CustomField
from portal.clients.services import build_search_text
from portal.clients.uploads import file_rows
from portal.clients.uploads.bulk_copy import copy_rows, format_copy_line, format_parsed_copy_line
from portal.clients.uploads.file_rows import MAX_ROWS, NumberedRow
from portal.clients.uploads.models import RowOutcome, Upload
from portal.clients.uploads.row_parsing import InvalidRow, RowParser
from portal.clients.uploads.upload_files import UnsupportedFile
from portal.clients.uploads.upload_locking import disable_synchronous_commit, lock_upload
from tenants.uuid7 import iter_uuid7

CHUNK_ROWS = 5_000
ERROR = RowOutcome.ERROR.value


def stage_rows(upload: Upload, *, country: str, clock: Callable[[], datetime]) -> Iterator[None]:
    """Stage the remaining rows, yielding after each chunk. Raises UnsupportedFile, SandboxBusy."""
    parser = RowParser(upload.columns, list(CustomField.objects.all()), country=country)
    rows = read_unstaged_rows(upload, clock=clock)
    while chunk := list(islice(rows, CHUNK_ROWS)):
        if upload.rows_done + len(chunk) > MAX_ROWS:
            raise UnsupportedFile("too-long")
        _stage_chunk(upload, chunk, parser, now=clock())
        yield
    if not upload.rows_done:
        raise UnsupportedFile("empty")


def read_unstaged_rows(upload: Upload, *, clock: Callable[[], datetime]) -> Iterator[NumberedRow]:
    """Yield the rows behind the cursor, which are not staged yet, without the headings.

    A workbook may take a minute to get there, in which the upload's heartbeat goes on.
    """
    rows = file_rows.read_rows(upload, after=upload.cursor, on_progress=partial(_record_heartbeat, upload, clock))
    if upload.has_headings and not upload.cursor:
        next(rows, None)
    return rows


def _record_heartbeat(upload: Upload, clock: Callable[[], datetime]) -> None:
    """Say that a worker loads the upload, unless it was discarded meanwhile."""
    upload.heartbeat_at = clock()
    Upload.objects.filter(pk=upload.pk).update(heartbeat_at=upload.heartbeat_at)


@transaction.atomic
def _stage_chunk(upload: Upload, chunk: list[NumberedRow], parser: RowParser, *, now: datetime) -> None:
    disable_synchronous_commit()
    lock_upload(upload)
    copy_rows(_format_copy_lines(upload, chunk, parser, now=now))
    upload.cursor, upload.heartbeat_at = chunk[-1][0], now
    upload.rows_done += len(chunk)
    upload.rows_total = max(upload.rows_total, upload.rows_done)
    upload.save(update_fields=["cursor", "heartbeat_at", "rows_done", "rows_total"])


def _format_copy_lines(upload: Upload, chunk: list[NumberedRow], parser: RowParser, *, now: datetime) -> Iterator[str]:
    upload_key = str(upload.pk)
    for (number, cells), key in zip(chunk, iter_uuid7(now), strict=False):
        try:
            row = parser.parse_row(cells)
        except InvalidRow as invalid:
            yield _format_invalid_copy_line(upload_key, number, parser.parse_name_or_blank(cells), invalid)
        else:
            search = build_search_text(row.name, row.emails + row.phones)
            yield format_parsed_copy_line(row, search, upload=upload_key, number=number, key=key)


def _format_invalid_copy_line(upload: str, number: int, name: str, invalid: InvalidRow) -> str:
    return format_copy_line(
        upload_id=upload,
        number=number,
        name=name,
        emails=[],
        phones=[],
        language="",
        tags=[],
        note="",
        custom={},
        search="",
        outcome=ERROR,
        reason=invalid.reason,
        reason_detail=invalid.detail,
        client_id=None,
        would_fill="f",
        would_overwrite="f",
    )
