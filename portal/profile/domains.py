"""How does a business get a domain of its own, so that the timeline knows who did it?"""

from datetime import datetime
from typing import Any

from django.db import transaction

from portal.activity import services as activity
from portal.activity.event_types import EventType
from tenants.domains import claims
from tenants.models import Business, DomainClaim
from tenants.staff.actor import Staff


@transaction.atomic
def add(*, business: Business, domain: str, staff: Staff, now: datetime) -> DomainClaim:
    """Note that the business wants a domain. Raises DomainRefused."""
    claim = claims.claim(business=business, domain=domain, now=now)
    facts: dict[str, Any] = {"subject_id": claim.pk, "after": {"domain": claim.domain}}
    activity.record(EventType.DOMAIN_ADDED, at=now, **facts, **activity.actor_fields(staff))
    return claim


def look(*, claim: DomainClaim, staff: Staff, now: datetime) -> DomainClaim:
    """Look how far a domain has come. Asks name servers, so it holds no transaction open meanwhile."""
    was_proven = claim.proven_at
    claim = claims.look(claim=claim, now=now)
    if claim.proven_at and not was_proven:
        facts: dict[str, Any] = {"subject_id": claim.pk, "after": {"domain": claim.domain}}
        activity.record(EventType.DOMAIN_VERIFIED, at=now, **facts, **activity.actor_fields(staff))
    return claim


@transaction.atomic
def release(*, claim: DomainClaim, staff: Staff, now: datetime) -> None:
    """Give a domain up."""
    facts: dict[str, Any] = {"subject_id": claim.pk, "before": {"domain": claim.domain}}
    claims.release(claim=claim)
    activity.record(EventType.DOMAIN_RELEASED, at=now, **facts, **activity.actor_fields(staff))
