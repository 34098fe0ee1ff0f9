"""The change of a portal's address (its slug), recorded on the timeline."""

from datetime import datetime

from django.db import transaction

from portal.activity import services as activity
from portal.profile.kinds import PortalEvent
from tenants import hostnames
from tenants.models import Business
from tenants.staff.actor import Staff


class SlugChanged(Exception):
    """Somebody else changed the slug since the page was loaded; `slug` is the current one."""

    def __init__(self, slug: str):
        super().__init__(slug)
        self.slug = slug


@transaction.atomic
def change_slug(*, business: Business, expected_slug: str, slug: str, staff: Staff, now: datetime) -> str:
    """Give the portal another slug and return it; `expected_slug` is the one the page showed.

    The same slug again changes nothing. Raises SlugRejected, and SlugChanged where the current slug is neither.
    """
    Business.objects.select_for_update().get(pk=business.pk)
    before = hostnames.current_slug(business)
    if before not in (expected_slug, slug):
        raise SlugChanged(before)
    after = str(hostnames.change_slug(business=business, slug=slug, now=now))
    if after != before:
        changes = {"before": {"slug": before}, "after": {"slug": after}}
        activity.record(PortalEvent.ADDRESS_CHANGED, at=now, **changes, **activity.actor_fields(staff))
    return after
