"""How does a business change what its portal looks like and how it behaves?"""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.profile.logos import draw_again
from portal.profile.models import Logo, Profile
from tenants import hostnames
from tenants.models import Business
from tenants.staff.actor import Staff


@transaction.atomic
def change(*, business: Business, event_type: EventType, staff: Staff, now: datetime, **new: Any) -> dict[str, Any]:
    """Change some of the business's choices, `name` among them, and return those that are different now."""
    profile = Profile.objects.select_for_update().get()
    before = {field: getattr(business if field == "name" else profile, field) for field in new}
    after = {field: value for field, value in new.items() if value != before[field]}
    if not after:
        return after
    _write(business, dict(after))
    changed = {"before": {field: _plain(before[field]) for field in after}, "after": _plain_all(after)}
    activity.record(event_type, at=now, **changed, **activity.actor_fields(staff))
    show_at_once(business)
    return after


@transaction.atomic
def change_logo(*, business: Business, upload: bytes | None, staff: Staff, now: datetime) -> None:
    """Take a picture as the logo, drawn again by us, or None to have none. Raises LogoRefused."""
    profile = Profile.objects.select_for_update().get()
    digest = ""
    if upload is not None:
        image, digest = draw_again(upload)
        Logo.objects.update_or_create(id=1, defaults={"image": image, "media_type": "image/png"})
    else:
        Logo.objects.all().delete()
    Profile.objects.update(logo_digest=digest)
    facts = {"before": {"logo": profile.logo_digest}, "after": {"logo": digest}}
    activity.record(EventType.BRANDING_CHANGED, at=now, **facts, **activity.actor_fields(staff))
    show_at_once(business)


def show_at_once(business: Business) -> None:
    """Forget what this process remembers of a business's choices; other processes follow within HOST_CACHE_SECONDS."""
    transaction.on_commit(hostnames.invalidate_cache)
    transaction.on_commit(lambda: cache.delete_many([f"languages/{business.pk}", f"profile/{business.pk}"]))


def _write(business: Business, after: dict[str, Any]) -> None:
    if "name" in after:
        Business.objects.filter(pk=business.pk).update(name=after.pop("name"))
    if after:
        Profile.objects.update(**after)


def _plain_all(values: dict[str, Any]) -> dict[str, Any]:
    return {field: _plain(value) for field, value in values.items()}


def _plain(value: Any) -> Any:
    """Return a value as the timeline can keep it; a wait in seconds."""
    return int(value.total_seconds()) if isinstance(value, timedelta) else value
