"""Who may go on with a list? Whoever finds it as they left it; anybody else was overtaken by another worker."""

from uuid import UUID

from django.db import connection

from portal.clients.uploads.models import Upload


class StaleUpload(Exception):
    """Another worker, or a member of staff, took this list further in the meantime."""


def lock_upload(upload: Upload) -> None:
    """Keep the list to ourselves until the transaction ends. Raises StaleUpload."""
    seen = Upload.objects.select_for_update().filter(pk=upload.pk).values_list("state", "cursor").first()
    if seen != (upload.state, upload.cursor):
        raise StaleUpload


def lock_for_import(upload: Upload) -> None:
    """Let others write this list, too, but nobody take it further or write another one until the transaction ends.

    Two lists may hold the same person, and whoever comes second has to find who the first one made. Lists are
    locked in the order of their keys, so that two never wait for each other. Raises StaleUpload.
    """
    running = Upload.objects.filter(state=Upload.State.RUNNING).order_by("pk")
    states = {
        key: _lock_state(key, "KEY SHARE" if key == upload.pk else "UPDATE")
        for key in running.values_list("pk", flat=True)
    }
    if states.get(upload.pk) != Upload.State.RUNNING:
        raise StaleUpload


def disable_synchronous_commit() -> None:
    """Don't wait for the disk when this transaction ends.

    A server that loses power may forget the last chunks, each whole and with the note that it was written, in
    which case they are written again. The end of a step is waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def start_step(upload: Upload, state: Upload.State, *, total: int = 0) -> None:
    """Begin a step with nothing behind it; the caller saves."""
    upload.state, upload.cursor, upload.rows_done, upload.rows_total = state, 0, 0, total


def _lock_state(key: UUID, strength: str) -> str:
    table = connection.ops.quote_name(Upload._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT state FROM {table} WHERE id = %s FOR {strength}", [key])
        return next((state for (state,) in cursor.fetchall()), "")
