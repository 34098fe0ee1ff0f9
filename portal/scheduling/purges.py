"""Deletion of rows of scheduling that are past their retention period."""

from datetime import datetime, timedelta

from portal.scheduling.models import AppointmentReminder, OutsideBusyTime, WaitingListEntry
from portal.scheduling.models.waiting_list import ON_LIST
from tenants.purging import delete_batch

REMINDER_RETENTION = timedelta(days=30)
OUTSIDE_BUSY_TIME_RETENTION = timedelta(days=7)
WAITING_LIST_RETENTION = timedelta(days=365)


def purge_reminders(now: datetime, limit: int) -> int:
    """Delete at most `limit` reminders that were handed over long ago; return how many."""
    return delete_batch(AppointmentReminder.objects.filter(handled_at__lt=now - REMINDER_RETENTION), limit)


def purge_outside_busy_times(now: datetime, limit: int) -> int:
    """Delete at most `limit` past times of outside calendars that are not read any more; return how many."""
    return delete_batch(OutsideBusyTime.objects.filter(busy_until__lt=now - OUTSIDE_BUSY_TIME_RETENTION), limit)


def purge_waiting_list_entries(now: datetime, limit: int) -> int:
    """Delete at most `limit` entries, with their offers, that have been off the waiting list for a year."""
    off_list = WaitingListEntry.objects.exclude(state__in=ON_LIST)
    return delete_batch(off_list.filter(updated_at__lt=now - WAITING_LIST_RETENTION), limit)
