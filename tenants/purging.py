"""Deletion of old rows in small batches, so that no lock is held for long."""

from django.db.models import QuerySet


def delete_batch(rows: QuerySet, limit: int) -> int:
    """Delete at most `limit` of these rows, with what belongs to them; return how many of the rows it deleted."""
    model = rows.model
    _total, deleted = model._default_manager.filter(pk__in=rows.values("pk")[:limit]).delete()
    return deleted.get(model._meta.label, 0)
