"""Actors that run the periodic jobs of the nouns, at one business or at all of them."""

import logging
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

import dramatiq
from django.db import DatabaseError, InterfaceError, close_old_connections
from dramatiq.middleware import Shutdown
from dramatiq.middleware.threading import Interrupt

from tenants import database_clock
from tenants.context import use_business
from tenants.job_runs import JobIsRunning, JobKey
from tenants.models import Business, BusinessStatus, JobRun, Queue
from tenants.nouns import registry
from tenants.nouns.declarations import PeriodicJob
from workers.actors.declared_jobs import find_declared_job, run_declared_job
from workers.job_guard import RETRY_STOPPED_AFTER, count_failure, run_guarded
from workers.tenancy import BusinessNotFound, InvalidId, find_open_business

log = logging.getLogger(__name__)

JOB_OPTIONS: dict[str, Any] = {
    "queue_name": Queue.BULK,
    "max_retries": 3,
    "max_age": 3_600_000,
    "time_limit": 600_000,
}


class PeriodicJobFailed(Exception):
    """A periodic job failed at some businesses; each failure has been logged."""


@dramatiq.actor(throws=(BusinessNotFound, InvalidId), **JOB_OPTIONS)
def run_job_at_business(*, business_id: str, job_name: str) -> None:
    """Run a periodic job at one business, unless it is being run there. Safe to repeat."""
    job = find_declared_job(registry.get_periodic_jobs(), job_name)
    if job:
        key = JobKey(job.name, find_open_business(business_id).pk, retry_after=RETRY_STOPPED_AFTER)
        with suppress(JobIsRunning):
            run_guarded(key, partial(run_declared_job, job, business_id, now=database_clock.now()))


@dramatiq.actor(**JOB_OPTIONS)
def run_job_at_all_businesses(*, job_name: str) -> None:
    """Run a periodic job at all businesses that are not closed. Safe to repeat. Raises PeriodicJobFailed.

    Where it keeps failing it is left out for a day. Where it failed before it runs last, since it may use up the time.
    """
    job = find_declared_job(registry.get_periodic_jobs(), job_name)
    failures = 0
    if job:
        failing, stopped = _list_failing_businesses(job)
        businesses = Business.objects.exclude(status=BusinessStatus.CLOSED).exclude(pk__in=stopped).order_by("pk")
        for business in sorted(businesses, key=lambda business: business.pk in failing):
            failures += not _try_job_at_business(business, job, is_failing=business.pk in failing)
    if failures:
        raise PeriodicJobFailed(f"{job_name} failed at {failures} businesses")


def _list_failing_businesses(job: PeriodicJob) -> tuple[set[UUID | None], set[UUID | None]]:
    """Return the businesses where the job failed the last time, and those of them where it is stopped for now."""
    runs = list(JobRun.objects.filter(job=job.name, row_id=None))
    since = database_clock.now() - RETRY_STOPPED_AFTER
    return (
        {run.business_id for run in runs},
        {run.business_id for run in runs if run.stopped_at and run.stopped_at > since},
    )


def _try_job_at_business(business: Business, job: PeriodicJob, *, is_failing: bool) -> bool:
    """Run a job at one business and tell whether it succeeded; an error is logged, so that others have their turn.

    When the time is up, that is counted at this business and raised again.
    """
    key = JobKey(job.name, business.pk)
    try:
        with use_business(business):
            registry.import_dotted_path(job.run)(now=database_clock.now())
    except Shutdown:
        raise
    except (Exception, Interrupt) as error:
        is_stopped = _count_failure(key, error)
        if isinstance(error, Interrupt):
            raise
        return is_stopped
    if is_failing:
        JobRun.objects.filter(job=job.name, business_id=business.pk, row_id=None).delete()
    return True


def _count_failure(key: JobKey, error: BaseException) -> bool:
    """Log and count a failure at one business, and return whether the job is stopped there now."""
    log.error("%s failed at one business", key.job, exc_info=error)
    # It may have been the connection that failed; the next business gets a new one then.
    close_old_connections()
    with suppress(DatabaseError, InterfaceError):
        return count_failure(key, error)
    return False
