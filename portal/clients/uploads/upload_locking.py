"""Locks on an upload, which keep two workers from doing the same step.

A worker goes on only if it finds the upload as it left it.
"""

from uuid import UUID

from django.db import connection

from portal.clients.uploads.models import Upload, UploadState


class StaleUpload(Exception):
    """Another worker or a member of staff has advanced this upload in the meantime."""


def lock_upload(upload: Upload) -> None:
    """Lock the upload until the transaction ends. Raises StaleUpload."""
    current = Upload.objects.select_for_update().filter(pk=upload.pk).values_list("state", "cursor").first()
    if current != (upload.state, upload.cursor):
        raise StaleUpload


def lock_for_import(upload: Upload) -> None:
    """Lock the upload so that others may import it, too, but nobody may advance it or import another one.

    Two lists may contain the same person, and the later import has to find the client that the earlier one created.
    Uploads are locked in the order of their keys to avoid deadlocks. Raises StaleUpload.
    """
    running = Upload.objects.filter(state=UploadState.RUNNING).order_by("pk")
    states = {
        key: _lock_and_read_state(key, "KEY SHARE" if key == upload.pk else "UPDATE")
        for key in running.values_list("pk", flat=True)
    }
    if states.get(upload.pk) != UploadState.RUNNING:
        raise StaleUpload


def prevent_stop(upload: Upload) -> None:
    """Keep a running import from being stopped until the transaction commits. Raises StaleUpload if it was.

    Whoever stops an import waits for no writer before this: what a writer has not finished by then is rolled back.
    """
    if _lock_and_read_state(upload.pk, "SHARE") != UploadState.RUNNING:
        raise StaleUpload


def disable_synchronous_commit() -> None:
    """Let this transaction commit without waiting for the disk.

    A server that loses power may lose the last chunks, each together with its progress; they are processed again.
    The end of a step is committed synchronously.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def enable_synchronous_commit() -> None:
    """Let this transaction commit as others do again, after `disable_synchronous_commit`."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO DEFAULT")


def start_upload_step(upload: Upload, state: UploadState, *, total: int = 0) -> None:
    """Set the upload to the start of a step; the caller saves."""
    upload.state, upload.cursor, upload.rows_done, upload.rows_total = state, 0, 0, total
    upload.failure = ""


def _lock_and_read_state(key: UUID, strength: str) -> str:
    table = connection.ops.quote_name(Upload._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT state FROM {table} WHERE id = %s FOR {strength}", [key])
        return next((state for (state,) in cursor.fetchall()), "")
