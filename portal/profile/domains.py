"""How does a business get a domain of its own, so that the timeline knows who did it?"""

from datetime import datetime
from typing import Any

from django.db import transaction

from portal.activity import services as activity
from portal.activity.event_types import EventType
from tenants.domains import custom_domains
from tenants.models import Business, CustomDomain
from tenants.staff.actor import Staff


@transaction.atomic
def add(*, business: Business, domain: str, staff: Staff, now: datetime) -> CustomDomain:
    """Note that the business wants a domain. Raises InvalidDomain."""
    custom_domain = custom_domains.add(business=business, domain=domain, now=now)
    facts: dict[str, Any] = {"subject_id": custom_domain.pk, "after": {"domain": custom_domain.domain}}
    activity.record(EventType.DOMAIN_ADDED, at=now, **facts, **activity.actor_fields(staff))
    return custom_domain


def verify(*, custom_domain: CustomDomain, staff: Staff, now: datetime) -> CustomDomain:
    """Look how far a domain has come. Asks name servers, so it holds no transaction open meanwhile."""
    was_verified = custom_domain.verified_at
    custom_domain = custom_domains.verify(custom_domain=custom_domain, now=now)
    if custom_domain.verified_at and not was_verified:
        facts: dict[str, Any] = {"subject_id": custom_domain.pk, "after": {"domain": custom_domain.domain}}
        activity.record(EventType.DOMAIN_VERIFIED, at=now, **facts, **activity.actor_fields(staff))
    return custom_domain


@transaction.atomic
def release(*, custom_domain: CustomDomain, staff: Staff, now: datetime) -> None:
    """Give a domain up."""
    facts: dict[str, Any] = {"subject_id": custom_domain.pk, "before": {"domain": custom_domain.domain}}
    custom_domains.release(custom_domain=custom_domain)
    activity.record(EventType.DOMAIN_RELEASED, at=now, **facts, **activity.actor_fields(staff))
