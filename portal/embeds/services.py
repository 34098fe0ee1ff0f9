"""Reading and changing which websites may use a business's portal."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from portal.activity import services as activity
from portal.embeds.kinds import WebsiteEvent
from portal.embeds.models import AllowedWebsites
from tenants.business_locks import lock_business
from tenants.models import Business
from tenants.staff.staff_actor import StaffActor

FIELDS = ("embedding_origins", "api_origins")


def get_allowed_websites(business: Business) -> AllowedWebsites:
    """Return the websites that may use a business's portal; a change shows within HOST_CACHE_SECONDS."""
    cached = cache.get_or_set(_cache_key(business), load_allowed_websites, settings.HOST_CACHE_SECONDS)
    return cached or AllowedWebsites()


def load_allowed_websites() -> AllowedWebsites:
    """Return the websites that may use the current business's portal, as they are stored."""
    return AllowedWebsites.objects.filter(pk=1).first() or AllowedWebsites()


def lock_allowed_websites(business: Business) -> AllowedWebsites:
    """Return the websites as they are stored; nobody else changes them until the transaction ends."""
    # A row that isn't there can't be locked.
    lock_business(business)
    return load_allowed_websites()


@transaction.atomic
def change_allowed_websites(
    *,
    business: Business,
    staff: StaffActor,
    embedding_origins: Sequence[str],
    api_origins: Sequence[str],
    locked_websites: AllowedWebsites | None = None,
    now: datetime,
) -> AllowedWebsites:
    """Replace the websites that may use the portal, each once, and return them; the timeline records what changed.

    `locked_websites` is what `lock_allowed_websites` returned if the caller has called it in this transaction.
    """
    stored = locked_websites or lock_allowed_websites(business)
    before = {name: list(getattr(stored, name)) for name in FIELDS}
    given = {"embedding_origins": embedding_origins, "api_origins": api_origins}
    after = {name: list(dict.fromkeys(origins)) for name, origins in given.items()}
    stored.embedding_origins, stored.api_origins = after["embedding_origins"], after["api_origins"]
    stored.save()
    if after != before:
        actor = activity.get_actor_fields(staff)
        activity.record_event(WebsiteEvent.CHANGED, at=now, before=before, after=after, **actor)
    transaction.on_commit(lambda: cache.delete(_cache_key(business)))
    return stored


def _cache_key(business: Business) -> str:
    return f"allowed-websites/{business.pk}"
