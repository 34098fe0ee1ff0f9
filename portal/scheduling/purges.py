"""Deletion of rows of scheduling that are past their retention period."""

from datetime import datetime, timedelta

from portal.scheduling.models import AppointmentReminder
from tenants.purging import delete_batch

REMINDER_RETENTION = timedelta(days=30)


def purge_reminders(now: datetime, limit: int) -> int:
    """Delete at most `limit` reminders that were handed over long ago; return how many."""
    return delete_batch(AppointmentReminder.objects.filter(handled_at__lt=now - REMINDER_RETENTION), limit)
