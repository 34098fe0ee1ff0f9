"""The hourly recheck of a verified custom domain, one job per domain."""

from contextlib import suppress
from functools import partial
from uuid import UUID

import dramatiq

from tenants import database_clock
from tenants.domains import custom_domains
from tenants.job_runs import JobIsRunning, JobKey
from tenants.models import Queue
from workers.job_guard import RETRY_STOPPED_AFTER, run_guarded
from workers.tenancy import InvalidId, parse_id


@dramatiq.actor(queue_name=Queue.BULK, throws=InvalidId, max_retries=0, max_age=3_000_000, time_limit=60_000)
def recheck_domain(*, custom_domain_id: str) -> None:
    """Verify one domain again. Safe to repeat; does nothing for a domain that was removed or is no longer due."""
    pk = parse_id(custom_domain_id)
    with suppress(JobIsRunning):
        run_guarded(JobKey("recheck_domain", row_id=pk, retry_after=RETRY_STOPPED_AFTER), partial(_recheck_domain, pk))


def _recheck_domain(custom_domain_id: UUID) -> None:
    custom_domain = custom_domains.list_due_for_recheck().filter(pk=custom_domain_id).first()
    if custom_domain:
        custom_domains.recheck_domain(custom_domain=custom_domain, now=database_clock.now())
