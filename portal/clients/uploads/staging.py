"""How do the rows of a file get to where they can be judged? In normal form, a chunk to a transaction."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction

from portal.clients.models import CustomField
from portal.clients.services import build_search_text
from portal.clients.uploads import tables
from portal.clients.uploads.copying import copy_rows, line, plain_line
from portal.clients.uploads.files import NotAList
from portal.clients.uploads.models import Upload, UploadRow
from portal.clients.uploads.readings import Reader, Unfit
from portal.clients.uploads.steps import commit_soon, hold
from portal.clients.uploads.tables import MOST_ROWS, Row
from tenants.uuid7 import iter_uuid7

CHUNK = 5_000
ERROR = UploadRow.Outcome.ERROR.value


def stage(upload: Upload, *, country: str, clock: Callable[[], datetime]) -> Iterator[None]:
    """Read the rows that are not staged yet; pause after each chunk. Raises NotAList."""
    reader = Reader(upload.columns, list(CustomField.objects.all()), country=country)
    rows = data_rows(upload)
    while chunk := list(islice(rows, CHUNK)):
        if upload.rows_done + len(chunk) > MOST_ROWS:
            raise NotAList("too-long")
        _stage_chunk(upload, chunk, reader, now=clock())
        yield
    if not upload.rows_done:
        raise NotAList("empty")


def data_rows(upload: Upload) -> Iterator[Row]:
    """Yield the rows behind the cursor that are not the headings."""
    rows = tables.rows_of(upload)
    if upload.has_headings:
        next(rows, None)
    return (row for row in rows if row[0] > upload.cursor)


@transaction.atomic
def _stage_chunk(upload: Upload, chunk: list[Row], reader: Reader, *, now: datetime) -> None:
    commit_soon()
    hold(upload)
    copy_rows(_lines(upload, chunk, reader, now=now))
    upload.cursor, upload.worked_at = chunk[-1][0], now
    upload.rows_done += len(chunk)
    upload.rows_total = max(upload.rows_total, upload.rows_done)
    upload.save(update_fields=["cursor", "worked_at", "rows_done", "rows_total"])


def _lines(upload: Upload, chunk: list[Row], reader: Reader, *, now: datetime) -> Iterator[str]:
    upload_key = str(upload.pk)
    for (number, cells), key in zip(chunk, iter_uuid7(now), strict=False):
        try:
            row = reader.read(cells)
        except Unfit as unfit:
            yield _unfit(upload_key, number, reader.name_in(cells), unfit)
        else:
            search = build_search_text(row.name, row.emails + row.phones)
            yield plain_line(row, search, upload=upload_key, number=number, key=key)


def _unfit(upload: str, number: int, name: str, unfit: Unfit) -> str:
    nothing: tuple = [], [], "", [], "", {}, ""
    return line(upload, number, name, *nothing, ERROR, unfit.reason, unfit.about, None, "f", "f")
