"""Lookup and execution of the jobs that nouns declare, for the actors that run them."""

import logging
from collections.abc import Mapping
from typing import Any, TypeVar

from tenants.context import use_business
from tenants.nouns import registry
from tenants.nouns.job_declarations import PeriodicJob, RowJob
from workers.tenancy import find_open_business

Job = TypeVar("Job", PeriodicJob, RowJob)

log = logging.getLogger(__name__)


def find_declared_job(jobs: Mapping[str, Job], name: str) -> Job | None:
    """Return a declared job, or None when it is unknown here: another release enqueued it."""
    if name not in jobs:
        log.warning("unknown job discarded: %s", name)
    return jobs.get(name)


def run_declared_job(job: PeriodicJob | RowJob, business_id: str, *arguments: Any, **times: Any) -> Any:
    """Run a job inside the business and return its result; an error has its name, for the report of the error."""
    try:
        with use_business(find_open_business(business_id)):
            return registry.import_dotted_path(job.run)(*arguments, **times)
    except Exception as error:
        error.__dict__.setdefault("job_name", job.name)
        raise
