"""The periodic jobs and their intervals.

Each job may run late, twice, or on two machines at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenants.domains import custom_domains
from tenants.models import Business, Queue
from workers.queue import enqueue


@dataclass
class PeriodicTask:
    """A job that is enqueued when the schedule starts, then at its interval."""

    interval: timedelta
    enqueue: Callable[[], bool]
    due_at: datetime | None = None

    def enqueue_if_due(self, now: datetime) -> None:
        """Enqueue the job if it is due. It stays due while the broker is unreachable."""
        if (self.due_at is None or now >= self.due_at) and self.enqueue():
            self.due_at = now + self.interval


def _enqueue_stalled_uploads() -> bool:
    return enqueue("requeue_stalled_uploads", queue=Queue.BULK)


def _enqueue_platform_purge() -> bool:
    return enqueue("purge_platform", queue=Queue.BULK)


def _enqueue_business_purges() -> bool:
    return _enqueue_for_every_business("purge_business")


def _enqueue_enquiry_matching() -> bool:
    return _enqueue_for_every_business("match_enquiries")


def _enqueue_domain_rechecks() -> bool:
    ids = custom_domains.due_for_recheck().values_list("pk", flat=True)
    enqueued = [enqueue("recheck_domain", queue=Queue.BULK, custom_domain_id=pk) for pk in ids]
    return all(enqueued)


def _enqueue_for_every_business(actor: str) -> bool:
    ids = Business.objects.exclude(status=Business.Status.CLOSED).values_list("pk", flat=True)
    enqueued = [enqueue(actor, queue=Queue.BULK, business_id=pk) for pk in ids]
    return all(enqueued)


SCHEDULE = [
    PeriodicTask(timedelta(minutes=2), _enqueue_stalled_uploads),
    PeriodicTask(timedelta(minutes=10), _enqueue_enquiry_matching),
    PeriodicTask(timedelta(hours=1), _enqueue_platform_purge),
    PeriodicTask(timedelta(hours=1), _enqueue_domain_rechecks),
    PeriodicTask(timedelta(hours=24), _enqueue_business_purges),
]
