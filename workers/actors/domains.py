"""Does a domain that was proven still lead to its portal? Looked at again every hour, one job per domain."""

from uuid import UUID

import dramatiq
from django.utils import timezone

from tenants.domains import claims
from tenants.models import Queue
from workers.tenancy import InvalidId, parse_id


@dramatiq.actor(queue_name=Queue.BULK, throws=InvalidId, max_retries=0, max_age=3_000_000, time_limit=60_000)
def recheck_domain(*, claim_id: str) -> None:
    """Look at one domain. Safe to repeat; one that was released or taken over meanwhile is left alone."""
    _recheck(parse_id(claim_id))


def _recheck(claim_id: UUID) -> None:
    claim = claims.to_look_at_again().filter(pk=claim_id).first()
    if claim:
        claims.look_again(claim=claim, now=timezone.now())
