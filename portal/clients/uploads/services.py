"""What staff, the command and the workers can do with an upload."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from portal.clients.kinds import ClientJob
from portal.clients.models import CustomField
from portal.clients.uploads import column_mapping, file_rows, upload_files, upload_stopping
from portal.clients.uploads.encodings import get_codec_name, guess_encoding, guess_separator
from portal.clients.uploads.file_rows import NumberedRow
from portal.clients.uploads.models import FileKind, Upload, UploadState
from portal.clients.uploads.upload_files import UnsupportedFile
from portal.clients.uploads.upload_locking import start_upload_step
from tenants import job_runs
from tenants.context import get_current_business
from tenants.job_runs import JobKey
from tenants.limits import CLIENT_LIST_BYTES
from tenants.staff.staff_actor import StaffActor
from workers.queue import enqueue_row_job

# An upload in progress without a heartbeat for longer than this has lost its worker.
STALL_TIMEOUT = timedelta(seconds=20)
PREVIEW_ROWS = 8
# The number of rows by which columns are guessed.
SAMPLE_ROWS = 50
IN_PROGRESS_STATES = (UploadState.CHECKING, UploadState.RUNNING, UploadState.UNDOING)
EDITABLE_STATES = (UploadState.RECEIVED, UploadState.CHECKED, UploadState.FAILED)


class UploadStateChanged(Exception):
    """The upload is no longer in a state in which this is possible."""


@transaction.atomic
def receive_upload(*, chunks: Iterable[bytes], name: str, size: int, staff: StaffActor | None, now: datetime) -> Upload:
    """Store a file, and guess its format and columns. Raises UnsupportedFile, SandboxBusy."""
    if size > CLIENT_LIST_BYTES:
        raise UnsupportedFile("too-big")
    chunks = iter(chunks)
    first = next(chunks, b"")
    upload = Upload.objects.create(
        name=upload_files.sanitise_filename(name),
        kind=upload_files.detect_file_kind(first),
        size=size,
        created_at=now,
        **_get_actor_fields(staff),
    )
    upload_files.store_file(upload, (chunk for group in ([first], chunks) for chunk in group))
    _guess_file_format(upload)
    return upload


def preview_rows(upload: Upload, *, limit: int = PREVIEW_ROWS) -> list[NumberedRow]:
    """Return the first rows, read in the upload's format. Raises UnsupportedFile, SandboxBusy."""
    return list(file_rows.read_rows(upload, limit=limit))


def set_file_format(*, upload: Upload, encoding: str, separator: str, has_headings: bool) -> None:
    """Set the file's format, and guess its columns again.

    Raises UploadStateChanged, UnsupportedFile, SandboxBusy.
    """
    _require_state(upload, *EDITABLE_STATES)
    start_upload_step(upload, UploadState.RECEIVED)
    upload.encoding, upload.separator, upload.has_headings = encoding, separator, has_headings
    _guess_columns(upload, preview_rows(upload, limit=SAMPLE_ROWS))
    _save_file_format(upload)


@transaction.atomic
def map_columns(*, upload: Upload, targets: list[str], now: datetime, inline: bool = False) -> Upload:
    """Set the columns' targets, start the check and return the upload; the caller runs the check if `inline`.

    Raises UploadStateChanged, InvalidMapping.
    """
    upload = Upload.objects.select_for_update(no_key=True).get(pk=upload.pk)
    _require_state(upload, *EDITABLE_STATES)
    column_mapping.validate_mapping(targets)
    upload.rows.all().delete()
    upload.columns, upload.failure, upload.counts, upload.heartbeat_at = targets, "", {}, now
    start_upload_step(upload, UploadState.CHECKING, total=_estimate_csv_row_count(upload))
    upload.save()
    _forget_failures(upload)
    if not inline:
        enqueue_upload(upload)
    return upload


@transaction.atomic
def start_import(
    *, upload: Upload, on_match: str, staff: StaffActor | None, now: datetime, inline: bool = False
) -> Upload:
    """Start the import of a checked list and return it; the caller runs it if `inline`. Raises UploadStateChanged."""
    upload = Upload.objects.select_for_update(no_key=True).get(pk=upload.pk)
    _require_state(upload, UploadState.CHECKED)
    upload.on_match, upload.heartbeat_at = on_match, now
    for name, value in _get_actor_fields(staff).items():
        setattr(upload, name, value)
    start_upload_step(upload, UploadState.RUNNING, total=upload.rows.count())
    upload.save()
    _forget_failures(upload)
    if not inline:
        enqueue_upload(upload)
    return upload


@transaction.atomic
def undo_import(*, upload: Upload, staff: StaffActor | None, now: datetime) -> Upload:
    """Start undoing an import, and return the upload. Raises UploadStateChanged."""
    upload = Upload.objects.select_for_update(no_key=True).get(pk=upload.pk)
    _require_state(upload, UploadState.DONE)
    upload.heartbeat_at = now
    for name, value in _get_actor_fields(staff).items():
        setattr(upload, name, value)
    start_upload_step(upload, UploadState.UNDOING, total=upload.rows.count())
    upload.save()
    _forget_failures(upload)
    enqueue_upload(upload)
    return upload


@transaction.atomic
def discard_upload(*, upload: Upload, now: datetime) -> None:
    """Delete an upload that was never imported, also during its check; stop one that is being imported or undone.

    Raises UploadStateChanged.
    """
    upload = Upload.objects.select_for_update(no_key=True).get(pk=upload.pk)
    if upload.state in (UploadState.RUNNING, UploadState.UNDOING):
        upload_stopping.stop_upload(upload_id=upload.pk, now=now)
        return
    _require_state(upload, *EDITABLE_STATES, UploadState.CHECKING)
    upload.delete()


def resume_stopped_upload(*, upload_id: UUID, now: datetime) -> None:
    """Start and enqueue the step again in which an upload was stopped."""
    if upload := upload_stopping.resume_upload(upload_id=upload_id, now=now):
        enqueue_upload(upload)


def enqueue_upload(upload: Upload) -> None:
    """Enqueue the processing of an upload when the transaction commits."""
    business = get_current_business()
    assert business, "an upload belongs to a business"
    ids = {"business_id": business.pk, "row_id": upload.pk}
    transaction.on_commit(lambda: enqueue_row_job(ClientJob.PROCESS_UPLOAD, **ids))


def requeue_stalled_uploads(*, now: datetime) -> None:
    """Enqueue the stalled uploads again."""
    for upload in query_stalled_uploads(now=now):
        enqueue_upload(upload)


def requeue_upload_if_stalled(*, upload: Upload, now: datetime) -> None:
    """Enqueue one upload again if it is stalled, since somebody is watching its progress.

    One that a transaction holds is being worked on, and nobody waits for that.
    """
    stalled = query_stalled_uploads(now=now).filter(pk=upload.pk)
    with transaction.atomic():
        if found := stalled.select_for_update(skip_locked=True, no_key=True).first():
            Upload.objects.filter(pk=found.pk).update(heartbeat_at=now)
            enqueue_upload(found)


def query_stalled_uploads(*, now: datetime) -> QuerySet[Upload]:
    """Return the uploads in progress whose worker was killed or never received the message."""
    return Upload.objects.filter(state__in=IN_PROGRESS_STATES, heartbeat_at__lt=now - STALL_TIMEOUT)


def _forget_failures(upload: Upload) -> None:
    """Let the upload's job run, although it may have been stopped in an earlier step: staff ask for a new one."""
    business = get_current_business()
    assert business, "an upload belongs to a business"
    job_runs.forget_failures(JobKey(ClientJob.PROCESS_UPLOAD, business.pk, upload.pk))


def _get_actor_fields(staff: StaffActor | None) -> dict:
    return {"person_id": staff.person_id, "person_name": staff.name, "ip": staff.ip} if staff else {}


def _require_state(upload: Upload, *states: UploadState) -> None:
    if upload.state not in states:
        raise UploadStateChanged


def _guess_file_format(upload: Upload) -> None:
    if upload.kind == FileKind.CSV:
        with upload_files.open_file(upload) as file:
            upload.encoding = guess_encoding(file)
            head = upload_files.read_head(file)
            upload.separator = guess_separator(head.decode(get_codec_name(upload.encoding, head), errors="replace"))
    rows = preview_rows(upload, limit=SAMPLE_ROWS)
    upload.has_headings = column_mapping.has_headings(rows[:1])
    _guess_columns(upload, rows)
    upload.save()


@transaction.atomic
def _save_file_format(upload: Upload) -> None:
    """Save the format and the columns, unless an erasure has rewritten the file or a worker begun to read it."""
    current = Upload.objects.select_for_update(no_key=True).get(pk=upload.pk)
    _require_state(current, *EDITABLE_STATES)
    if current.kind != upload.kind:
        raise UploadStateChanged
    steps = ("state", "cursor", "rows_done", "rows_total")
    upload.save(update_fields=["encoding", "separator", "has_headings", "columns", *steps])


def _guess_columns(upload: Upload, rows: list[NumberedRow]) -> None:
    if not rows:
        raise UnsupportedFile("empty")
    headings = rows[0][1] if upload.has_headings else []
    samples = [cells for _number, cells in rows[upload.has_headings :]]
    # A single row with a surplus cell doesn't make a further column.
    usual, _times = Counter(len(cells) for cells in samples or [headings]).most_common(1)[0]
    business = get_current_business()
    targets = column_mapping.guess_targets(
        headings, samples, CustomField.objects.all(), country=business.country if business else ""
    )
    upload.columns = targets[: max(len(headings), usual)]


def _estimate_csv_row_count(upload: Upload) -> int:
    """Return about how many rows a CSV file has, for the progress of the check; 0 for a workbook."""
    if upload.kind != FileKind.CSV:
        return 0
    try:
        return sum(data.count(b"\n") for data in upload_files.iter_stored_chunks(upload))
    except upload_files.StoredFileChanged:
        # The check says so.
        return 0
