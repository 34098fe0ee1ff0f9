"""Who may go on with a list? Whoever finds it as they left it; anybody else was overtaken by another worker."""

from portal.clients.uploads.models import Upload


class Overtaken(Exception):
    """Another worker, or a member of staff, took this list further in the meantime."""


def hold(upload: Upload) -> None:
    """Keep the list to ourselves until the transaction ends. Raises Overtaken."""
    seen = Upload.objects.select_for_update().filter(pk=upload.pk).values_list("state", "cursor").first()
    if seen != (upload.state, upload.cursor):
        raise Overtaken


def enter(upload: Upload, state: Upload.State, *, total: int = 0) -> None:
    """Begin a step with nothing behind it; the caller saves."""
    upload.state, upload.cursor, upload.rows_done, upload.rows_total = state, 0, 0, total
