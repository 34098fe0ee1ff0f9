"""How does a portal move to another address?"""

from datetime import datetime

from django.db import transaction

from portal.activity import services as activity
from portal.activity.event_types import EventType
from tenants import hostnames
from tenants.models import Business
from tenants.staff.actor import Staff


class Overtaken(Exception):
    """Somebody else changed the address meanwhile; `slug` is what it is now."""

    def __init__(self, slug: str):
        super().__init__(slug)
        self.slug = slug


@transaction.atomic
def move(*, business: Business, seen: str, slug: str, staff: Staff, now: datetime) -> str:
    """Give the portal another slug and return it; `seen` is the one on the page that was filled in.

    The same slug again changes nothing. Raises SlugRejected, and Overtaken where `seen` is no longer true.
    """
    Business.objects.select_for_update().get(pk=business.pk)
    before = hostnames.current_slug(business)
    if before not in (seen, slug):
        raise Overtaken(before)
    after = str(hostnames.change_slug(business=business, slug=slug, now=now))
    if after != before:
        sides = {"before": {"slug": before}, "after": {"slug": after}}
        activity.record(EventType.PORTAL_ADDRESS_CHANGED, at=now, **sides, **activity.actor_fields(staff))
    return after
