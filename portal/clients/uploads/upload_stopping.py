"""Stopping an upload before its end: at the request of staff, or because it can't be processed.

What is not imported yet is discarded or can be checked again; an import keeps the chunks that it has written, and can
be undone.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from portal.clients.uploads.import_chunks import update_progress
from portal.clients.uploads.models import Upload, UploadState
from portal.clients.uploads.upload_locking import start_upload_step

CHECK_FAILED, IMPORT_STOPPED, UNDO_STOPPED = "check-failed", "import-stopped", "undo-stopped"
# The failure of an upload that was stopped in a state, and the state to which that leads.
STOPPED = {
    UploadState.CHECKING: (UploadState.FAILED, CHECK_FAILED),
    UploadState.RUNNING: (UploadState.DONE, IMPORT_STOPPED),
    UploadState.UNDOING: (UploadState.DONE, UNDO_STOPPED),
}
RESUMED = {failure: state for state, (_stopped, failure) in STOPPED.items()}


@transaction.atomic
def stop_upload(*, upload_id: UUID, now: datetime) -> Upload | None:
    """Stop the step in progress and return the upload; None if there is no such step.

    A worker finds it changed, and rolls back the chunk of an import that it is writing.
    """
    upload = Upload.objects.select_for_update(no_key=True).filter(pk=upload_id, state__in=STOPPED).first()
    if upload is None:
        return None
    if upload.state == UploadState.RUNNING:
        update_progress(upload, now=now)
        upload.finished_at = now
        # What it wrote stays, so the clients whose cards got an address have to be told.
        upload.notice_cursor = 0
    upload.state, upload.failure = STOPPED[UploadState(upload.state)]
    upload.save()
    return upload


@transaction.atomic
def resume_upload(*, upload_id: UUID, now: datetime) -> Upload | None:
    """Start the step again in which an upload was stopped; None if it was not, or was discarded."""
    upload = Upload.objects.select_for_update(no_key=True).filter(pk=upload_id, failure__in=RESUMED).first()
    if upload is None:
        return None
    state = RESUMED[upload.failure]
    if state == UploadState.CHECKING:
        upload.rows.all().delete()
    upload.heartbeat_at = now
    start_upload_step(upload, state, total=upload.rows.count())
    upload.save()
    return upload
