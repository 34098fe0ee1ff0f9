"""Chunks of an import: splitting a list, claiming a chunk, and writing with several threads.

A chunk is claimed by a row lock and written in one transaction, wholly or not at all. So several
workers can write at once, and the chunk of a killed worker is free again.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from threading import Event
from typing import Protocol

from django.db import connection
from django.db.models import Q, Sum

from portal.clients.uploads.models import ImportChunk, Upload, UploadRow
from portal.clients.uploads.upload_locking import StaleUpload
from tenants.context import get_current_business, use_business
from tenants.raw_sql import build_insert_select, quote_table

CHUNK_VALUES = {
    "upload_id": "%(upload)s",
    "first": "min(number)",
    "last": "max(number)",
    "rows": "count(*)",
    "is_written": "false",
    "created": "0",
    "changed": "0",
}
NUMBERED_ROWS = f"""
      FROM (SELECT number, (row_number() OVER (ORDER BY number) - 1) / %(size)s AS chunk FROM {quote_table(UploadRow)}
             WHERE upload_id = %(upload)s) numbered
     GROUP BY chunk
"""
SPLIT_INTO_CHUNKS = build_insert_select(ImportChunk, CHUNK_VALUES, NUMBERED_ROWS)


class ChunkWriter(Protocol):
    """Imports one chunk; returns False when none is left."""

    def __call__(self) -> bool: ...


def split_into_chunks(upload: Upload, *, size: int) -> None:
    """Split a list into chunks of `size` rows."""
    with connection.cursor() as cursor:
        cursor.execute(SPLIT_INTO_CHUNKS, {"upload": upload.pk, "size": size})


def claim_chunk(upload: Upload) -> ImportChunk | None:
    """Lock and return a chunk that nobody has written or is writing, or None."""
    unwritten = upload.import_chunks.filter(is_written=False).order_by("first")
    return unwritten.select_for_update(skip_locked=True, no_key=True).first()


def update_progress(upload: Upload, *, now: datetime) -> None:
    """Save the progress of all writers on the upload. Raises StaleUpload."""
    done = upload.import_chunks.filter(is_written=True).aggregate(
        *(Sum(field, default=0) for field in ("rows", "created", "changed"))
    )
    upload.counts |= {"created": done["created__sum"], "changed": done["changed__sum"]}
    upload.rows_done, upload.heartbeat_at = done["rows__sum"], now
    current = Q(pk=upload.pk, state=upload.state)
    if not Upload.objects.filter(current).update(counts=upload.counts, rows_done=upload.rows_done, heartbeat_at=now):
        raise StaleUpload


@contextmanager
def run_helper_threads(write: ChunkWriter, *, helpers: int) -> Iterator[None]:
    """Run `helpers` more threads with their own connections that write until the block ends; re-raise their errors."""
    business, stopped = get_current_business(), Event()
    assert business, "an upload belongs to a business"

    def run_helper() -> None:
        try:
            with use_business(business):
                while not stopped.is_set() and write():
                    pass
        except StaleUpload:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(max(helpers, 1), thread_name_prefix="list") as pool:
        threads = [pool.submit(run_helper) for _helper in range(helpers)]
        try:
            yield
        finally:
            stopped.set()
    for thread in threads:
        thread.result()
