"""Changes of a portal's address and of its custom domains, recorded on the timeline."""

from datetime import datetime
from typing import Any

from django.db import transaction

from portal.activity import services as activity
from portal.domains.kinds import PortalAddressEvent
from tenants import hostnames
from tenants.domains import custom_domains
from tenants.models import Business, CustomDomain, PortalHostname
from tenants.staff.staff_actor import StaffActor


class SlugChanged(Exception):
    """Somebody else changed the slug since the page was loaded; `slug` is the current one."""

    def __init__(self, slug: str):
        super().__init__(slug)
        self.slug = slug


@transaction.atomic
def change_slug(
    *,
    business: Business,
    expected_slug: str,
    slug: str,
    locked_hostname: PortalHostname | None = None,
    staff: StaffActor,
    now: datetime,
) -> str:
    """Give the portal another slug and return it; `expected_slug` is the one the page showed.

    The same slug again changes nothing. `locked_hostname` is what `lock_current_hostname` returned if the caller has
    called it in this transaction. Raises SlugRejected, and SlugChanged where the current slug is neither.
    """
    current = locked_hostname or hostnames.lock_current_hostname(business)
    before = str(current)
    if before not in (expected_slug, slug):
        raise SlugChanged(before)
    after = str(hostnames.change_slug(business=business, slug=slug, locked_hostname=current, now=now))
    if after != before:
        changes = {"before": {"slug": before}, "after": {"slug": after}}
        activity.record_event(PortalAddressEvent.ADDRESS_CHANGED, at=now, **changes, **activity.get_actor_fields(staff))
    return after


@transaction.atomic
def add_domain(*, business: Business, domain: str, staff: StaffActor, now: datetime) -> CustomDomain:
    """Add a domain that is still to be verified. Raises InvalidDomain."""
    custom_domain = custom_domains.add_domain(business=business, domain=domain, now=now)
    event: dict[str, Any] = {"subject_id": custom_domain.pk, "after": {"domain": custom_domain.domain}}
    activity.record_event(PortalAddressEvent.DOMAIN_ADDED, at=now, **event, **activity.get_actor_fields(staff))
    return custom_domain


def verify_domain(*, custom_domain: CustomDomain, staff: StaffActor, now: datetime) -> CustomDomain:
    """Check a domain's DNS records and HTTPS. Network calls take long, so no transaction is open meanwhile."""
    was_verified = custom_domain.verified_at
    custom_domain = custom_domains.verify_domain(custom_domain=custom_domain, now=now)
    if custom_domain.verified_at and not was_verified:
        event: dict[str, Any] = {"subject_id": custom_domain.pk, "after": {"domain": custom_domain.domain}}
        activity.record_event(PortalAddressEvent.DOMAIN_VERIFIED, at=now, **event, **activity.get_actor_fields(staff))
    return custom_domain


@transaction.atomic
def release_domain(*, custom_domain: CustomDomain, staff: StaffActor, now: datetime) -> None:
    """Release a domain: the portal is no longer served there."""
    event: dict[str, Any] = {"subject_id": custom_domain.pk, "before": {"domain": custom_domain.domain}}
    custom_domains.release_domain(custom_domain=custom_domain)
    activity.record_event(PortalAddressEvent.DOMAIN_RELEASED, at=now, **event, **activity.get_actor_fields(staff))
