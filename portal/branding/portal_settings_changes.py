"""Changes to a business's portal settings and logo, recorded on the timeline."""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction

from portal.activity import services as activity
from portal.branding.kinds import BrandingEvent
from portal.branding.logos import reencode_logo
from portal.branding.models import Logo, PortalSettings
from portal.branding.setting_rules import clean_settings
from tenants import hostnames
from tenants.models import Business
from tenants.staff.staff_actor import StaffActor

# What concerns signing in is an event of its own.
SIGN_IN_SETTINGS = ("resend_wait", "default_channel", "sms_countries", "code_in_subject")


def lock_portal_settings(business: Business) -> PortalSettings:
    """Return the settings; nobody else can change them, the logo or the name until the transaction ends.

    The name of `business` is read again: it may have changed before the lock.
    """
    portal_settings = PortalSettings.objects.select_for_update(no_key=True).get()
    business.refresh_from_db(fields=["name"])
    return portal_settings


@transaction.atomic
def change_settings(
    *, business: Business, locked_settings: PortalSettings | None = None, staff: StaffActor, now: datetime, **new: Any
) -> dict[str, Any]:
    """Save new values for some settings, or for the business's `name`, and return those that differ from before.

    `locked_settings` is what `lock_portal_settings` returned if the caller has called it in this transaction.
    Raises ValidationError with the errors of each setting.
    """
    new = clean_settings(new, country=business.country)
    portal_settings = locked_settings or lock_portal_settings(business)
    before = {field: getattr(business if field == "name" else portal_settings, field) for field in new}
    after = {field: value for field, value in new.items() if value != before[field]}
    if after:
        _save_changes(business, dict(after))
        _record_changes(before, after, staff, now=now)
        invalidate_caches(business)
    return after


@transaction.atomic
def set_logo(
    *,
    business: Business,
    upload: bytes | None,
    locked_settings: PortalSettings | None = None,
    staff: StaffActor,
    now: datetime,
) -> None:
    """Store an uploaded picture, re-encoded, as the logo; None removes the logo. Raises InvalidLogo.

    The same picture, or removing none, changes nothing. `locked_settings` is what `lock_portal_settings` returned if
    the caller has called it in this transaction.
    """
    portal_settings = locked_settings or lock_portal_settings(business)
    image, digest = (b"", "") if upload is None else reencode_logo(upload)
    if digest == portal_settings.logo_digest:
        return
    _save_logo(image)
    PortalSettings.objects.update(logo_digest=digest)
    changes = {"before": {"logo": portal_settings.logo_digest}, "after": {"logo": digest}}
    activity.record_event(BrandingEvent.BRANDING_CHANGED, at=now, **changes, **activity.get_actor_fields(staff))
    invalidate_caches(business)


def invalidate_caches(business: Business) -> None:
    """Clear this process's caches of the settings on commit; other processes' expire within HOST_CACHE_SECONDS."""
    transaction.on_commit(hostnames.invalidate_host_cache)
    transaction.on_commit(lambda: cache.delete_many([f"languages/{business.pk}", f"portal-settings/{business.pk}"]))


def _save_logo(image: bytes) -> None:
    """Store the picture in place of the present one; an empty one only removes that."""
    if not image:
        Logo.objects.all().delete()
        return
    logo = Logo(id=1, image=image, media_type="image/png")
    Logo.objects.bulk_create([logo], update_conflicts=True, unique_fields=["id"], update_fields=["image", "media_type"])


def _save_changes(business: Business, after: dict[str, Any]) -> None:
    if "name" in after:
        Business.objects.filter(pk=business.pk).update(name=after.pop("name"))
    if after:
        PortalSettings.objects.update(**after)


def _record_changes(before: dict[str, Any], after: dict[str, Any], staff: StaffActor, *, now: datetime) -> None:
    is_sign_in = {field: field in SIGN_IN_SETTINGS for field in after}
    for event_type, wanted in (
        (BrandingEvent.BRANDING_CHANGED, False),
        (BrandingEvent.SIGN_IN_SETTINGS_CHANGED, True),
    ):
        if fields := [field for field in after if is_sign_in[field] is wanted]:
            changes = {
                name: _to_json({field: values[field] for field in fields})
                for name, values in (("before", before), ("after", after))
            }
            activity.record_event(event_type, at=now, **changes, **activity.get_actor_fields(staff))


def _to_json(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as the timeline can store them; a duration becomes seconds."""
    return {
        field: int(value.total_seconds()) if isinstance(value, timedelta) else value for field, value in values.items()
    }
