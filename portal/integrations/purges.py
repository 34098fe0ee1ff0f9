"""Deletion of answers that nobody will ask for again, and of the log of webhooks."""

from datetime import datetime, timedelta

from portal.integrations.models import IdempotentRequest, WebhookAttempt, WebhookEvent
from tenants.purging import delete_batch

IDEMPOTENT_REQUEST_LIFETIME = timedelta(hours=24)
WEBHOOK_LOG_LIFETIME = timedelta(days=30)


def purge_idempotent_requests(now: datetime, limit: int) -> int:
    """Delete the answers to requests of more than a day ago."""
    return delete_batch(IdempotentRequest.objects.filter(created_at__lt=now - IDEMPOTENT_REQUEST_LIFETIME), limit)


def purge_webhook_attempts(now: datetime, limit: int) -> int:
    """Delete the attempts of more than 30 days ago."""
    return delete_batch(WebhookAttempt.objects.filter(at__lt=now - WEBHOOK_LOG_LIFETIME), limit)


def purge_webhook_events(now: datetime, limit: int) -> int:
    """Delete the events that were built more than 30 days ago and that nobody has tried to send since."""
    old = WebhookEvent.objects.filter(created_at__lt=now - WEBHOOK_LOG_LIFETIME, attempts=None)
    return delete_batch(old, limit)
