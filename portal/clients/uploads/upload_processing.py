"""Processing of an upload by a worker, in chunks of one transaction each.

A killed worker loses at most its chunk: the next one starts at the cursor behind the last commit. The lease of
the job keeps a second worker away; should there be one all the same, the one that finds the cursor moved stops. An
import has no cursor: any number of threads claim its chunks.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.clients.uploads.import_chunks import run_helper_threads, split_into_chunks, update_progress
from portal.clients.uploads.import_reversal import delete_unused_tags, undo_import_chunk
from portal.clients.uploads.models import Upload, UploadState
from portal.clients.uploads.row_classification import classify_rows, count_rows_by_outcome
from portal.clients.uploads.row_import import CHUNK_ROWS, create_tags, get_upload_actor_fields, import_chunk
from portal.clients.uploads.row_staging import stage_rows
from portal.clients.uploads.upload_files import UnsupportedFile
from portal.clients.uploads.upload_locking import StaleUpload, lock_upload, start_upload_step
from tenants.context import get_current_business
from tenants.sandbox.slots import SandboxBusy

Clock = Callable[[], datetime]
Step = Callable[[Upload, Clock], Iterator[None]]
# After this time other businesses' uploads have their turn.
TIME_SLICE = timedelta(seconds=20)
# Threads beside the worker's own. Writing waits for PostgreSQL, where each connection uses one processor.
HELPER_COUNT = 1


def process_upload(
    upload_id: UUID, *, clock: Clock, time_slice: timedelta | None = TIME_SLICE, helpers: int = 0
) -> bool:
    """Run the upload's current step to its end, or for one time slice; return whether there is more to do.

    `helpers` is the number of further threads that import, each with a connection of its own.
    """
    upload = Upload.objects.filter(pk=upload_id).first()
    if upload is None or not upload.is_in_progress:
        return False
    # The slice begins with the first chunk: to reach its rows may take a workbook longer than a slice.
    started_at = None
    try:
        for _chunk in run_upload_step(upload, clock=clock, helpers=helpers):
            started_at = started_at or clock()
            if time_slice and clock() - started_at > time_slice:
                return True
    except (StaleUpload, SandboxBusy):
        # Somebody changed its state, or the upload waits like one whose worker was lost.
        return False
    # A bulk upsert goes on to its import.
    return upload.is_in_progress


def run_upload_step(upload: Upload, *, clock: Clock, helpers: int = 0) -> Iterator[None]:
    """Run the current step, yielding after each chunk. Raises StaleUpload, SandboxBusy."""
    run_import = partial(_import_upload, helpers=helpers)
    runners: dict[str, Step] = {
        UploadState.CHECKING: _check_upload_rows,
        UploadState.RUNNING: run_import,
        UploadState.UNDOING: _undo_upload,
    }
    yield from runners[upload.state](upload, clock)


def _check_upload_rows(upload: Upload, clock: Clock) -> Iterator[None]:
    business = get_current_business()
    try:
        yield from stage_rows(upload, country=business.country if business else "", clock=clock)
    except UnsupportedFile as error:
        return _fail_upload(upload, str(error))
    with transaction.atomic():
        lock_upload(upload)
        classify_rows(upload)
        _finish_upload(upload, UploadState.CHECKED)
        if upload.imports_at_once:
            start_upload_step(upload, UploadState.RUNNING, total=upload.rows_total)
            upload.save()
    return None


def _import_upload(upload: Upload, clock: Clock, helpers: int) -> Iterator[None]:
    _prepare_chunks(upload)
    while upload.state == UploadState.RUNNING:
        with run_helper_threads(lambda: import_chunk(upload, now=clock()), helpers=helpers):
            while import_chunk(upload, now=clock()):
                update_progress(upload, now=clock())
                yield
        _finish_import(upload, now=clock())


@transaction.atomic
def _prepare_chunks(upload: Upload) -> None:
    lock_upload(upload)
    if not upload.import_chunks.exists():
        create_tags(upload)
        upload.save(update_fields=["counts"])
        split_into_chunks(upload, size=CHUNK_ROWS)


@transaction.atomic
def _finish_import(upload: Upload, *, now: datetime) -> None:
    """Finish the import, unless the chunk of a killed thread is still to be written."""
    lock_upload(upload)
    if upload.import_chunks.filter(is_written=False).exists():
        return
    update_progress(upload, now=now)
    # The client list may have changed since the check, and some rows with it.
    upload.counts |= count_rows_by_outcome(upload)
    upload.finished_at = now
    upload.notice_cursor = 0 if upload.counts["changed"] else None
    _record_activity(upload, ClientEvent.IMPORT_COMPLETED, ("created", "changed"), now=now)
    _finish_upload(upload, UploadState.DONE)


def _undo_upload(upload: Upload, clock: Clock) -> Iterator[None]:
    while undo_import_chunk(upload, now=clock()):
        yield
    with transaction.atomic():
        lock_upload(upload)
        delete_unused_tags(upload)
        upload.undone_at = now = clock()
        _record_activity(upload, ClientEvent.IMPORT_UNDONE, ("removed", "reverted", "retained"), now=now)
        _finish_upload(upload, UploadState.UNDONE)


@transaction.atomic
def _fail_upload(upload: Upload, reason: str) -> None:
    lock_upload(upload)
    upload.rows.all().delete()
    upload.failure = reason
    _finish_upload(upload, UploadState.FAILED)


def _finish_upload(upload: Upload, state: UploadState) -> None:
    upload.state, upload.rows_total = state, upload.rows_done
    upload.save()


def _record_activity(upload: Upload, event_type: ClientEvent, counters: tuple[str, ...], *, now: datetime) -> None:
    data = {counter: upload.counts.get(counter, 0) for counter in counters}
    activity.record_event(
        event_type, subject_id=upload.pk, at=now, list=upload.name, **data, **get_upload_actor_fields(upload)
    )
