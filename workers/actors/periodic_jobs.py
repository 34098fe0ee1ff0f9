"""Actors that run the periodic jobs of the nouns, at one business or at all of them."""

import logging
from collections.abc import Callable
from typing import Any

import dramatiq
from django.db import close_old_connections

from tenants import database_clock
from tenants.context import use_business
from tenants.models import Business, BusinessStatus, Queue
from tenants.nouns import registry
from workers.actors.declared_jobs import find_declared_job, run_declared_job
from workers.tenancy import BusinessNotFound, InvalidId

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
    """Run a periodic job at one business. Safe to repeat."""
    job = find_declared_job(registry.get_periodic_jobs(), job_name)
    if job:
        run_declared_job(job, business_id, now=database_clock.now())


@dramatiq.actor(**JOB_OPTIONS)
def run_job_at_all_businesses(*, job_name: str) -> None:
    """Run a periodic job at all businesses that are not closed. Safe to repeat. Raises PeriodicJobFailed."""
    job = find_declared_job(registry.get_periodic_jobs(), job_name)
    failures = 0
    if job:
        for business in Business.objects.exclude(status=BusinessStatus.CLOSED).order_by("pk"):
            failures += not _try_job_at_business(business, registry.import_dotted_path(job.run), job_name)
    if failures:
        raise PeriodicJobFailed(f"{job_name} failed at {failures} businesses")


def _try_job_at_business(business: Business, run: Callable[..., Any], job_name: str) -> bool:
    """Run a job at one business and tell whether it succeeded; an error is logged, so that others have their turn."""
    try:
        with use_business(business):
            run(now=database_clock.now())
    except Exception:
        log.exception("%s failed at one business", job_name)
        # It may have been the connection that failed; the next business gets a new one then.
        close_old_connections()
        return False
    return True
