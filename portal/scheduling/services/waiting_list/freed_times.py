"""Have time that became free offered to those who wait for it."""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from portal.scheduling.kinds import SchedulingJob
from portal.scheduling.models import CalendarEntry, WaitingListEntry
from tenants.context import get_current_business
from workers.queue import enqueue_row_job


def offer_freed_time(*, entry_id: UUID) -> None:
    """Enqueue offers of a calendar's time when the transaction commits, if anybody waits for a service of it.

    The entry is still as it was when it took the time. A message may be lost: a periodic job looks for all free times.
    """
    waiting = WaitingListEntry.objects.waiting().filter(service__calendars=OuterRef("calendar"))
    freed = CalendarEntry.objects.filter(Exists(waiting), pk=entry_id)
    if calendar_id := freed.values_list("calendar_id", flat=True).first():
        offer_times_of(calendar_id)


def offer_times_of(calendar_id: UUID) -> None:
    """Enqueue offers of what is free in a calendar when the transaction commits."""
    business = get_current_business()
    assert business, "a calendar belongs to a business"
    ids = {"business_id": business.pk, "row_id": calendar_id}
    transaction.on_commit(lambda: enqueue_row_job(SchedulingJob.OFFER_FREE_TIMES, **ids))
