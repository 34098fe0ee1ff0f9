"""Actors that run the periodic jobs of the nouns, at one business or at all of them."""

import logging
from contextlib import suppress
from functools import partial
from typing import Any

import dramatiq
from django.db import close_old_connections
from dramatiq.middleware.threading import Interrupt

from tenants import database_clock
from tenants.context import use_business
from tenants.job_runs import JobIsRunning, JobKey
from tenants.models import Business, BusinessStatus, JobRun, Queue
from tenants.nouns import registry
from tenants.nouns.job_declarations import PeriodicJob
from workers.actors.declared_jobs import find_declared_job, run_declared_job
from workers.job_guard import RETRY_STOPPED_AFTER, run_guarded
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
        failing = set(JobRun.objects.filter(job=job.name, row_id=None).values_list("business_id", flat=True))
        businesses = Business.objects.exclude(status=BusinessStatus.CLOSED).order_by("pk")
        for business in sorted(businesses, key=lambda business: business.pk in failing):
            failures += not _try_job_at_business(business, job)
    if failures:
        raise PeriodicJobFailed(f"{job_name} failed at {failures} businesses")


def _try_job_at_business(business: Business, job: PeriodicJob) -> bool:
    """Run a job at one business, unless it is being run there, and tell whether it need not be tried again soon.

    An error is logged, so that others have their turn. When the time is up, that counts at this business and is raised
    again, also if it was the last failure allowed there.
    """
    interrupts: list[Interrupt] = []
    key = JobKey(job.name, business.pk, retry_after=RETRY_STOPPED_AFTER)
    try:
        run_guarded(key, partial(_run_at_business, business, job, interrupts))
    except JobIsRunning:
        return True
    except Exception:
        log.exception("%s failed at one business", job.name)
        # It may have been the connection that failed; the next business gets a new one then.
        close_old_connections()
        return False
    if interrupts:
        raise interrupts[0]
    return True


def _run_at_business(business: Business, job: PeriodicJob, interrupts: list[Interrupt]) -> None:
    """Run a job at one business. An interrupt is noted, because the guard suppresses it where it stops the job."""
    try:
        with use_business(business):
            registry.import_dotted_path(job.run)(now=database_clock.now())
    except Interrupt as interrupt:
        interrupts.append(interrupt)
        raise
