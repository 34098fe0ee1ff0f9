"""Recognises the error of a request whose rows somebody else has deleted since it read them.

What a page or program is about is looked up before it is changed, and most rows are not locked in between: a lock would
cost every request a statement. The database notices the deletion, and the caller is told as if that had come first.
"""

import structlog
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, IntegrityError, models

from tenants.models import Business

log = structlog.get_logger(__name__)

FOREIGN_KEY_VIOLATION = "23503"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def delete_row(row: models.Model) -> None:
    """Delete a row with what depends on it. Raises its model's DoesNotExist if somebody else has deleted it.

    So whoever records the deletion in the same transaction records it once.
    """
    _total, deleted = row.delete()
    if not deleted.get(row._meta.label):
        raise type(row).DoesNotExist  # type: ignore[attr-defined]


def find_deletion_status(error: Exception, *, method: str | None) -> int | None:
    """Return the status for a request that was to change a deleted row: 404 if the row was its own, or else 409.

    None stands for any other error. What only reads locks and writes nothing, so a row that is missing there is a
    fault of ours, and so is a missing row that nobody can delete.
    """
    if method in SAFE_METHODS:
        return None
    status = 404 if _is_row_missing(error) else 409 if _is_reference_broken(error) else None
    if status:
        # With its frames: a fault of ours may look the same, and nobody would find it otherwise.
        log.warning("row.deleted_meanwhile", kind=type(error).__qualname__, status=status, exc_info=error)
    return status


def _is_row_missing(error: Exception) -> bool:
    """Return whether a row was not there any more when it was locked, or when it was to be updated."""
    if isinstance(error, ObjectDoesNotExist):
        return not _is_about_permanent_row(error)
    # Django has no error of its own for an update of no row. Those of the database come with their cause.
    return type(error) is DatabaseError and error.__cause__ is None


def _is_about_permanent_row(error: ObjectDoesNotExist) -> bool:
    """Return whether a row is missing that nobody can delete: the business, or the one row of a table of settings."""
    permanent = (model for model in apps.get_models() if model is Business or model._meta.pk.default == 1)
    return isinstance(error, tuple(model.DoesNotExist for model in permanent))  # type: ignore[attr-defined]


def _is_reference_broken(error: Exception) -> bool:
    """Return whether a row refers to one that was deleted, or was to be deleted while a new one refers to it."""
    return isinstance(error, IntegrityError) and getattr(error.__cause__, "sqlstate", "") == FOREIGN_KEY_VIOLATION
