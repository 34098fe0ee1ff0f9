"""Deletion of rows of scheduling that are past their retention period."""

from datetime import datetime, timedelta

from portal.scheduling.models import AppointmentReminder, OutsideBusyTime
from tenants.purging import delete_batch

REMINDER_RETENTION = timedelta(days=30)
OUTSIDE_BUSY_TIME_RETENTION = timedelta(days=7)


def purge_reminders(now: datetime, limit: int) -> int:
    """Delete at most `limit` reminders that were handed over long ago; return how many."""
    return delete_batch(AppointmentReminder.objects.filter(handled_at__lt=now - REMINDER_RETENTION), limit)


def purge_outside_busy_times(now: datetime, limit: int) -> int:
    """Delete at most `limit` past times of outside calendars that are not read any more; return how many."""
    return delete_batch(OutsideBusyTime.objects.filter(busy_until__lt=now - OUTSIDE_BUSY_TIME_RETENTION), limit)
