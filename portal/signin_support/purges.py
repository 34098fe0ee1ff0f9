"""Deletion of reported identifiers that are past their retention period."""

from datetime import datetime, timedelta

from portal.signin_support.models import ReportedIdentifier
from tenants.purging import delete_batch

REPORTED_IDENTIFIER_RETENTION = timedelta(days=30)


def purge_reported_sign_in_identifiers(now: datetime, limit: int) -> int:
    """Delete at most `limit` old reports of what a client typed; return how many."""
    return delete_batch(ReportedIdentifier.objects.filter(created_at__lt=now - REPORTED_IDENTIFIER_RETENTION), limit)
