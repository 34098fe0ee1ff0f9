"""The schedule of periodic jobs: those that the nouns declare, and the platform's own.

Any number of schedules may run: a job that is enqueued twice runs twice, or once while a worker is at it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from tenants.domains import custom_domains
from tenants.models import Business, BusinessStatus, Queue
from tenants.nouns import registry
from tenants.nouns.job_declarations import PeriodicJob
from workers.queue import enqueue_job


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


def build_schedule() -> list[PeriodicTask]:
    """Return all jobs, none of them enqueued yet."""
    jobs = [PeriodicTask(job.interval, partial(_enqueue_job, job)) for job in registry.get_periodic_jobs().values()]
    return [
        *jobs,
        PeriodicTask(timedelta(hours=1), _enqueue_platform_row_purge),
        PeriodicTask(timedelta(hours=1), _enqueue_domain_rechecks),
        PeriodicTask(timedelta(hours=24), _enqueue_business_row_purges),
    ]


def _enqueue_job(job: PeriodicJob) -> bool:
    """Enqueue a job that is dropped if it waits for its interval: the next one does its work then."""
    if job.is_quick:
        return enqueue_job("run_job_at_all_businesses", queue=Queue.BULK, job_name=job.name, max_age=job.interval)
    return _enqueue_for_every_business("run_job_at_business", job_name=job.name, max_age=job.interval)


def _enqueue_platform_row_purge() -> bool:
    return enqueue_job("purge_expired_platform_rows", queue=Queue.BULK)


def _enqueue_domain_rechecks() -> bool:
    ids = custom_domains.list_due_for_recheck().values_list("pk", flat=True)
    enqueued = [enqueue_job("recheck_domain", queue=Queue.BULK, custom_domain_id=pk) for pk in ids]
    return all(enqueued)


def _enqueue_business_row_purges() -> bool:
    return _enqueue_for_every_business("purge_expired_business_rows")


def _enqueue_for_every_business(actor: str, **options: Any) -> bool:
    ids = Business.objects.exclude(status=BusinessStatus.CLOSED).values_list("pk", flat=True)
    enqueued = [enqueue_job(actor, queue=Queue.BULK, business_id=pk, **options) for pk in ids]
    return all(enqueued)
