"""Deletion of uploaded lists that are past their retention period."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from portal.clients.uploads.models import FileChunk, Upload, UploadRow
from portal.clients.uploads.services import IN_PROGRESS_STATES
from tenants.purging import delete_batch

UPLOAD_RETENTION = timedelta(days=90)
IMPORTED_STATES = (Upload.State.DONE, Upload.State.UNDONE)


def purge_unimported_uploads(now: datetime, limit: int) -> int:
    """Delete at most `limit` old uploads that were never imported; return how many."""
    return delete_batch(_old_uploads(now).exclude(state__in=IMPORTED_STATES), limit)


def purge_imported_rows(now: datetime, limit: int) -> int:
    """Delete the rows and files of at most `limit` old imports, which can't be undone any more; return of how many."""
    has_rows, has_file = (Exists(model.objects.filter(upload=OuterRef("pk"))) for model in (UploadRow, FileChunk))
    imported = _old_uploads(now).filter(has_rows | has_file, state__in=IMPORTED_STATES)
    upload_ids = list(imported.values_list("pk", flat=True)[:limit])
    UploadRow.objects.filter(upload__in=upload_ids).delete()
    FileChunk.objects.filter(upload__in=upload_ids).delete()
    return len(upload_ids)


def _old_uploads(now: datetime) -> QuerySet[Upload]:
    return Upload.objects.filter(created_at__lt=now - UPLOAD_RETENTION).exclude(state__in=IN_PROGRESS_STATES)
