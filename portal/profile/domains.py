"""Changes to a business's custom domains, recorded on the timeline."""

from datetime import datetime
from typing import Any

from django.db import transaction

from portal.activity import services as activity
from portal.profile.kinds import PortalEvent
from tenants.domains import custom_domains
from tenants.models import Business, CustomDomain
from tenants.staff.actor import Staff


@transaction.atomic
def add(*, business: Business, domain: str, staff: Staff, now: datetime) -> CustomDomain:
    """Add a domain that is still to be verified. Raises InvalidDomain."""
    custom_domain = custom_domains.add(business=business, domain=domain, now=now)
    event: dict[str, Any] = {"subject_id": custom_domain.pk, "after": {"domain": custom_domain.domain}}
    activity.record(PortalEvent.DOMAIN_ADDED, at=now, **event, **activity.actor_fields(staff))
    return custom_domain


def verify(*, custom_domain: CustomDomain, staff: Staff, now: datetime) -> CustomDomain:
    """Check a domain's DNS records and HTTPS. Network calls take long, so no transaction is open meanwhile."""
    was_verified = custom_domain.verified_at
    custom_domain = custom_domains.verify(custom_domain=custom_domain, now=now)
    if custom_domain.verified_at and not was_verified:
        event: dict[str, Any] = {"subject_id": custom_domain.pk, "after": {"domain": custom_domain.domain}}
        activity.record(PortalEvent.DOMAIN_VERIFIED, at=now, **event, **activity.actor_fields(staff))
    return custom_domain


@transaction.atomic
def release(*, custom_domain: CustomDomain, staff: Staff, now: datetime) -> None:
    """Release a domain: the portal is no longer served there."""
    event: dict[str, Any] = {"subject_id": custom_domain.pk, "before": {"domain": custom_domain.domain}}
    custom_domains.release(custom_domain=custom_domain)
    activity.record(PortalEvent.DOMAIN_RELEASED, at=now, **event, **activity.actor_fields(staff))
