"""The actor that runs a noun's job about one row."""

import dramatiq

from tenants import database_clock
from tenants.models import Queue
from tenants.nouns import registry
from workers.actors.declared_jobs import find_declared_job, run_declared_job
from workers.tenancy import BusinessNotFound, InvalidId, parse_id


# Its messages go to the queue that each job declares, and carry the limits of the job, which precede these.
@dramatiq.actor(
    queue_name=Queue.BULK, throws=(BusinessNotFound, InvalidId), max_retries=3, max_age=3_600_000, time_limit=600_000
)
def run_row_job(*, business_id: str, job_name: str, row_id: str) -> None:
    """Run a job about one row of a business. Safe to repeat."""
    job = find_declared_job(registry.get_row_jobs(), job_name)
    if job:
        run_declared_job(job, business_id, parse_id(row_id), clock=database_clock.now)
