"""Into what pieces is a list cut to be taken over, who takes which, and how far have they come?

Each piece is taken by whoever finds it free, and either written with everything in it or not at all. So
several can write at once, and nobody has to know who of them was killed.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from threading import Event
from typing import Protocol

from django.db import connection
from django.db.models import Q, Sum

from portal.clients.uploads.locking import StaleUpload
from portal.clients.uploads.models import ImportChunk, Upload, UploadRow
from tenants.context import current_business, use_business

SPLIT_INTO_CHUNKS = """
    INSERT INTO {chunks} (upload_id, first, last, rows, is_written, created, changed)
    SELECT %(upload)s, min(number), max(number), count(*), false, 0, 0
      FROM (SELECT number, (row_number() OVER (ORDER BY number) - 1) / %(size)s AS part FROM {rows}
             WHERE upload_id = %(upload)s) numbered
     GROUP BY part
"""


class ChunkWriter(Protocol):
    """Takes one piece over; False when there was none."""

    def __call__(self) -> bool: ...


def split_into_chunks(upload: Upload, *, size: int) -> None:
    """Cut a list into spans of so many rows."""
    chunks, rows = (connection.ops.quote_name(model._meta.db_table) for model in (ImportChunk, UploadRow))
    with connection.cursor() as cursor:
        cursor.execute(SPLIT_INTO_CHUNKS.format(chunks=chunks, rows=rows), {"upload": upload.pk, "size": size})


def claim_chunk(upload: Upload) -> ImportChunk | None:
    """Return a span that nobody has written or is writing, ours until the transaction ends."""
    unwritten = upload.import_chunks.filter(is_written=False).order_by("first")
    return unwritten.select_for_update(skip_locked=True).first()


def update_progress(upload: Upload, *, now: datetime) -> None:
    """Note on the list how far those who write it have come. Raises StaleUpload."""
    done = upload.import_chunks.filter(is_written=True).aggregate(
        *(Sum(word, default=0) for word in ("rows", "created", "changed"))
    )
    upload.counts |= {"created": done["created__sum"], "changed": done["changed__sum"]}
    upload.rows_done, upload.heartbeat_at = done["rows__sum"], now
    ours = Q(pk=upload.pk, state=upload.state)
    if not Upload.objects.filter(ours).update(counts=upload.counts, rows_done=upload.rows_done, heartbeat_at=now):
        raise StaleUpload


@contextmanager
def helper_threads(write: ChunkWriter, *, helpers: int) -> Iterator[None]:
    """Have so many threads write as well until the block ends, over connections of their own; raise what they raise."""
    business, stopped = current_business(), Event()
    assert business, "a list is uploaded to a business"

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
