"""The hourly recheck of a verified custom domain, one job per domain."""

from uuid import UUID

import dramatiq

from tenants import database_clock
from tenants.domains import custom_domains
from tenants.models import Queue
from workers.tenancy import InvalidId, parse_id


@dramatiq.actor(queue_name=Queue.BULK, throws=InvalidId, max_retries=0, max_age=3_000_000, time_limit=60_000)
def recheck_domain(*, custom_domain_id: str) -> None:
    """Verify one domain again. Safe to repeat; does nothing for a domain that was removed or is no longer due."""
    _recheck_domain(parse_id(custom_domain_id))


def _recheck_domain(custom_domain_id: UUID) -> None:
    custom_domain = custom_domains.list_due_for_recheck().filter(pk=custom_domain_id).first()
    if custom_domain:
        custom_domains.recheck_domain(custom_domain=custom_domain, now=database_clock.now())
