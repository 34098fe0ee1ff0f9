"""What can be done with an uploaded list?"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from portal.clients.models import CustomField
from portal.clients.uploads import column_mapping, file_rows, files
from portal.clients.uploads.encodings import codec_name, guess_encoding, guess_separator
from portal.clients.uploads.file_rows import NumberedRow
from portal.clients.uploads.files import MAX_FILE_SIZE, UnsupportedFile
from portal.clients.uploads.locking import start_step
from portal.clients.uploads.models import Upload
from tenants.context import current_business
from tenants.models import Queue
from tenants.staff.actor import Staff
from workers.queue import enqueue

State = Upload.State
# A worker that was killed says nothing for longer than this.
STALL_TIMEOUT = timedelta(seconds=20)
PREVIEW_ROWS = 8
# So many rows tell what a column holds.
SAMPLE_ROWS = 50
IN_PROGRESS_STATES = (State.CHECKING, State.RUNNING, State.UNDOING)
EDITABLE_STATES = (State.RECEIVED, State.CHECKED, State.FAILED)


class UploadStateChanged(Exception):
    """The list is no longer where this could be done with it."""


@transaction.atomic
def receive_upload(*, chunks: Iterable[bytes], name: str, size: int, staff: Staff | None, now: datetime) -> Upload:
    """Keep a file, and guess how it is written. Raises UnsupportedFile."""
    if size > MAX_FILE_SIZE:
        raise UnsupportedFile("too-big")
    chunks = iter(chunks)
    first = next(chunks, b"")
    upload = Upload.objects.create(
        name=files.sanitise_filename(name),
        kind=files.detect_kind(first),
        size=size,
        created_at=now,
        **_actor_fields(staff),
    )
    files.store_file(upload, (chunk for part in ([first], chunks) for chunk in part))
    _guess_format(upload)
    return upload


def preview(upload: Upload, *, limit: int = PREVIEW_ROWS) -> list[NumberedRow]:
    """Return the first rows as the upload's format reads them. Raises UnsupportedFile."""
    return list(file_rows.read_rows(upload, limit=limit))


def set_format(*, upload: Upload, encoding: str, separator: str, has_headings: bool) -> None:
    """Read the file so, and guess its columns anew. Raises UploadStateChanged, UnsupportedFile."""
    _require_state(upload, *EDITABLE_STATES)
    start_step(upload, State.RECEIVED)
    upload.encoding, upload.separator, upload.has_headings = encoding, separator, has_headings
    _guess_columns(upload)
    upload.save()


@transaction.atomic
def map_columns(*, upload: Upload, targets: list[str], now: datetime, inline: bool = False) -> None:
    """Say what the columns hold, and have the list checked, by a worker or else `here`. Raises UploadStateChanged, InvalidMapping."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    _require_state(upload, *EDITABLE_STATES)
    column_mapping.validate_mapping(targets)
    upload.rows.all().delete()
    upload.columns, upload.failure, upload.counts, upload.heartbeat_at = targets, "", {}, now
    start_step(upload, State.CHECKING, total=_estimate_row_count(upload))
    upload.save()
    if not inline:
        enqueue_upload(upload)


@transaction.atomic
def import_rows(*, upload: Upload, on_match: str, staff: Staff | None, now: datetime, inline: bool = False) -> None:
    """Have a checked list written, by a worker or else by the caller, `here`. Raises UploadStateChanged."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    _require_state(upload, State.CHECKED)
    upload.on_match, upload.heartbeat_at = on_match, now
    for name, value in _actor_fields(staff).items():
        setattr(upload, name, value)
    start_step(upload, State.RUNNING, total=upload.rows.count())
    upload.save()
    if not inline:
        enqueue_upload(upload)


@transaction.atomic
def undo_import(*, upload: Upload, staff: Staff | None, now: datetime) -> None:
    """Have a list taken back. Raises UploadStateChanged."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    _require_state(upload, State.DONE)
    upload.heartbeat_at = now
    for name, value in _actor_fields(staff).items():
        setattr(upload, name, value)
    start_step(upload, State.UNDOING, total=upload.rows.count())
    upload.save()
    enqueue_upload(upload)


def discard_upload(*, upload: Upload) -> None:
    """Throw a list away that was never taken over. Raises UploadStateChanged."""
    _require_state(upload, *EDITABLE_STATES)
    upload.delete()


def enqueue_upload(upload: Upload) -> None:
    """Ask a worker to go on with a list, once what was written so far is there to be seen."""
    business = current_business()
    assert business, "a list is uploaded to a business"
    transaction.on_commit(
        lambda: enqueue("process_upload", queue=Queue.BULK, business_id=business.pk, upload_id=upload.pk)
    )


def requeue_stalled(*, now: datetime) -> None:
    """Ask again for lists that nobody has been working on for a while."""
    for upload in stalled_uploads(now=now):
        enqueue_upload(upload)


def requeue_if_stalled(*, upload: Upload, now: datetime) -> None:
    """Ask again for one list, which somebody is waiting for, if nobody has been working on it for a while."""
    if upload.heartbeat_at is None or now - upload.heartbeat_at > STALL_TIMEOUT:
        Upload.objects.filter(pk=upload.pk).update(heartbeat_at=now)
        enqueue_upload(upload)


def stalled_uploads(*, now: datetime) -> QuerySet[Upload]:
    """Return the lists whose worker was killed, or never heard of them."""
    return Upload.objects.filter(state__in=IN_PROGRESS_STATES, heartbeat_at__lt=now - STALL_TIMEOUT)


def purge_uploads(limit: datetime) -> None:
    """Throw away the rows and files of lists from before; that there was a list stays known, but it can't be undone."""
    old = Upload.objects.filter(created_at__lt=limit).exclude(state__in=IN_PROGRESS_STATES)
    old.exclude(state__in=(State.DONE, State.UNDONE)).delete()
    for upload in old.filter(file_chunks__isnull=False).distinct():
        upload.rows.all().delete()
        upload.file_chunks.all().delete()


def _actor_fields(staff: Staff | None) -> dict:
    return {"person_id": staff.person_id, "person_name": staff.name, "ip": staff.ip} if staff else {}


def _require_state(upload: Upload, *states: State) -> None:
    if upload.state not in states:
        raise UploadStateChanged


def _guess_format(upload: Upload) -> None:
    if upload.kind == Upload.Kind.CSV:
        with files.open_file(upload) as file:
            upload.encoding = guess_encoding(file)
            head = files.read_head(file)
            upload.separator = guess_separator(head.decode(codec_name(upload.encoding, head), errors="replace"))
    upload.has_headings = column_mapping.has_headings(preview(upload, limit=1))
    _guess_columns(upload)
    upload.save()


def _guess_columns(upload: Upload) -> None:
    rows = preview(upload, limit=SAMPLE_ROWS)
    if not rows:
        raise UnsupportedFile("empty")
    headings = rows[0][1] if upload.has_headings else []
    samples = [cells for _number, cells in rows[upload.has_headings :]]
    # One row with a cell too many is no column more.
    usual, _times = Counter(len(cells) for cells in samples or [headings]).most_common(1)[0]
    upload.columns = column_mapping.guess_targets(headings, samples, CustomField.objects.all())[
        : max(len(headings), usual)
    ]


def _estimate_row_count(upload: Upload) -> int:
    """Return about how many rows there will be, to tell how far a check has come; 0 where only reading it would tell."""
    if upload.kind != Upload.Kind.CSV:
        return 0
    chunks: Callable = upload.file_chunks.values_list("data", flat=True).iterator
    return sum(bytes(data).count(b"\n") for data in chunks(chunk_size=4))
