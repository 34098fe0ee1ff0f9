"""Deletion of answers that nobody will ask for again."""

from datetime import datetime, timedelta

from portal.integrations.models import IdempotentRequest
from tenants.purging import delete_batch

LIFETIME = timedelta(hours=24)


def purge_idempotent_requests(now: datetime, limit: int) -> int:
    """Delete the answers to requests of more than a day ago."""
    return delete_batch(IdempotentRequest.objects.filter(created_at__lt=now - LIFETIME), limit)
