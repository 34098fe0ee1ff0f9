"""Deletion of uploaded lists that are past their retention period."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from portal.clients.uploads.models import FileChunk, Upload, UploadRow, UploadState
from portal.clients.uploads.services import IN_PROGRESS_STATES
from tenants.purging import delete_batch

UPLOAD_RETENTION = timedelta(days=90)
# A program that sends its whole list every hour would fill the table otherwise.
BULK_UPSERT_RETENTION = timedelta(days=7)
IMPORTED_STATES = (UploadState.DONE, UploadState.UNDONE)


def purge_upload_rows(now: datetime, limit: int) -> int:
    """Delete at most `limit` rows of old uploads, whose import can't be undone any more; return how many."""
    return delete_batch(UploadRow.objects.filter(upload__in=_list_old_uploads(now)), limit)


def purge_upload_files(now: datetime, limit: int) -> int:
    """Delete at most `limit` chunks of old uploads' files; return how many."""
    return delete_batch(FileChunk.objects.filter(upload__in=_list_old_uploads(now)), limit)


def purge_unimported_uploads(now: datetime, limit: int) -> int:
    """Delete at most `limit` old uploads that were never imported, after their rows and files; return how many."""
    return delete_batch(_list_old_uploads(now).exclude(state__in=IMPORTED_STATES), limit)


def _list_old_uploads(now: datetime) -> QuerySet[Upload]:
    is_old = Q(created_at__lt=now - UPLOAD_RETENTION)
    is_old |= Q(created_at__lt=now - BULK_UPSERT_RETENTION, imports_at_once=True)
    return Upload.objects.filter(is_old).exclude(state__in=IN_PROGRESS_STATES)
