"""What does a worker do with a list? A chunk after the other, each finished for good before the next is begun.

However often it is killed, the next one finds the cursor behind the last chunk that was
committed. Two at once don't hurt: whoever finds the cursor moved leaves the list to the other.
Taking over has no cursor: spans are written by whoever finds them free, several at once.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.clients.uploads import services
from portal.clients.uploads.chunks import helper_threads, split_into_chunks, update_progress
from portal.clients.uploads.classification import classify_rows
from portal.clients.uploads.files import UnsupportedFile
from portal.clients.uploads.locking import StaleUpload, lock_upload
from portal.clients.uploads.models import Upload
from portal.clients.uploads.reversal import delete_unused_tags, undo_chunk
from portal.clients.uploads.row_import import CHUNK_ROWS, create_tags, import_chunk, upload_actor_fields
from portal.clients.uploads.staging import stage_rows
from tenants.context import current_business

Clock = Callable[[], datetime]
Step = Callable[[Upload, Clock], Iterator[None]]
State = Upload.State
# After so long other businesses' lists get their turn.
TIME_SLICE = timedelta(seconds=20)
# PostgreSQL is what writing waits for, and one connection keeps one of its processors busy.
HELPER_COUNT = 1


def process_upload(
    upload_id: UUID, *, clock: Clock, time_slice: timedelta | None = TIME_SLICE, helpers: int = 0
) -> None:
    """Take a list as far as it goes by itself, or as far as one turn takes it; then ring for the rest.

    `helpers` are threads beside this one that write, each over a connection of its own.
    """
    upload = Upload.objects.filter(pk=upload_id).first()
    if upload is None or not upload.is_in_progress:
        return
    started_at = clock()
    try:
        for _chunk in run_step(upload, clock=clock, helpers=helpers):
            if time_slice and clock() - started_at > time_slice:
                services.enqueue_upload(upload)
                return
    except StaleUpload:
        return


def run_step(upload: Upload, *, clock: Clock, helpers: int = 0) -> Iterator[None]:
    """Do the step at hand, pausing after each chunk. Raises StaleUpload."""
    write = partial(_import, helpers=helpers)
    runners: dict[str, Step] = {State.CHECKING: _check, State.RUNNING: write, State.UNDOING: _undo}
    yield from runners[upload.state](upload, clock)


def _check(upload: Upload, clock: Clock) -> Iterator[None]:
    business = current_business()
    try:
        yield from stage_rows(upload, country=business.country if business else "", clock=clock)
    except UnsupportedFile as error:
        return _fail(upload, str(error))
    with transaction.atomic():
        lock_upload(upload)
        classify_rows(upload)
        _finish(upload, State.CHECKED)
    return None


def _import(upload: Upload, clock: Clock, helpers: int) -> Iterator[None]:
    _prepare_chunks(upload)
    while upload.state == State.RUNNING:
        with helper_threads(lambda: import_chunk(upload, now=clock()), helpers=helpers):
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
    """Call the list taken over, unless somebody was killed with rows in hand: then those are still to be written."""
    lock_upload(upload)
    if upload.import_chunks.filter(is_written=False).exists():
        return
    update_progress(upload, now=now)
    upload.finished_at = now
    _record_activity(upload, EventType.IMPORT_COMPLETED, ("created", "changed"), now=now)
    _finish(upload, State.DONE)


def _undo(upload: Upload, clock: Clock) -> Iterator[None]:
    while undo_chunk(upload, now=clock()):
        yield
    with transaction.atomic():
        lock_upload(upload)
        delete_unused_tags(upload)
        upload.undone_at = now = clock()
        _record_activity(upload, EventType.IMPORT_UNDONE, ("removed", "reverted", "retained"), now=now)
        _finish(upload, State.UNDONE)


@transaction.atomic
def _fail(upload: Upload, reason: str) -> None:
    lock_upload(upload)
    upload.rows.all().delete()
    upload.failure = reason
    _finish(upload, State.FAILED)


def _finish(upload: Upload, state: State) -> None:
    upload.state, upload.rows_total = state, upload.rows_done
    upload.save()


def _record_activity(upload: Upload, event_type: EventType, counters: tuple[str, ...], *, now: datetime) -> None:
    data = {counter: upload.counts.get(counter, 0) for counter in counters}
    activity.record(event_type, subject_id=upload.pk, at=now, list=upload.name, **data, **upload_actor_fields(upload))
