"""The actors that run a noun's job about one row."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import dramatiq

from tenants import database_clock, job_runs
from tenants.context import use_business
from tenants.job_runs import JobIsRunning, JobKey
from tenants.models import Business, Queue
from tenants.nouns import registry
from tenants.nouns.job_declarations import RowJob
from tenants.nouns.platform_events import PlatformEvent
from workers.actors.declared_jobs import find_declared_job, run_declared_job
from workers.job_guard import run_guarded
from workers.queue import enqueue_row_job
from workers.tenancy import BusinessNotFound, InvalidId, find_open_business, parse_id

# Messages go to the queue that each job declares, and carry the limits of the job, which precede these.
ROW_JOB_OPTIONS: dict[str, Any] = {
    "queue_name": Queue.BULK,
    "throws": (BusinessNotFound, InvalidId),
    "max_retries": 3,
    "max_age": 3_600_000,
    "time_limit": 600_000,
}


@dramatiq.actor(**ROW_JOB_OPTIONS)
def run_row_job(*, business_id: str, job_name: str, row_id: str) -> None:
    """Run a job about one row of a business. Safe to repeat.

    While another worker has its lease, the job is enqueued once more: that worker may be lost.
    """
    job = find_declared_job(registry.get_row_jobs(), job_name)
    if job:
        business, row = find_open_business(business_id), parse_id(row_id)
        try:
            _run_row_job(job, business, row)
        except JobIsRunning:
            enqueue_row_job(job.name, business_id=business.pk, row_id=row, delay=job_runs.LEASE)


@dramatiq.actor(**ROW_JOB_OPTIONS)
def rerun_row_job(*, business_id: str, job_name: str, row_id: str) -> None:
    """Run a job about one row of a business, unless another worker still runs it."""
    job = find_declared_job(registry.get_row_jobs(), job_name)
    if job:
        try:
            _run_row_job(job, find_open_business(business_id), parse_id(row_id))
        except JobIsRunning:
            return


def _run_row_job(job: RowJob, business: Business, row_id: UUID) -> None:
    """Run a job, and enqueue it again if it says that there is more to do. Raises JobIsRunning."""
    has_more = run_guarded(
        JobKey(job.name, business.pk, row_id),
        partial(run_declared_job, job, str(business.pk), row_id, clock=database_clock.now),
        on_stop=partial(_call_stop_handlers, job, business, row_id),
    )
    if has_more:
        enqueue_row_job(job.name, business_id=business.pk, row_id=row_id)


def _call_stop_handlers(job: RowJob, business: Business, row_id: UUID, now: datetime) -> None:
    with use_business(business):
        subject = registry.import_dotted_path(job.on_stop)(row_id, now=now) if job.on_stop else None
        if subject:
            details = {"job": job, "row_id": row_id, "subject": subject}
            registry.call_event_handlers(PlatformEvent.JOB_STOPPED, **details, now=now)
