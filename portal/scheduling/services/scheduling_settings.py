"""Read and change a business's rules of booking."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.forms.models import model_to_dict

from portal.activity import services as activity
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import SchedulingSettings
from portal.scheduling.services.reminder_planning import replan_all_reminders
from tenants.business_locks import lock_business
from tenants.models import Business
from tenants.staff.staff_actor import StaffActor

# A change to one of these changes what is planned for appointments that are confirmed already.
REMINDER_RULES = {"reminders", "has_follow_up"}


def get_scheduling_settings(business: Business) -> SchedulingSettings:
    """Return the business's rules; a change shows within HOST_CACHE_SECONDS."""
    return (
        cache.get_or_set(_cache_key(business), _load_scheduling_settings, settings.HOST_CACHE_SECONDS)
        or SchedulingSettings()
    )


def lock_scheduling_settings(business: Business) -> SchedulingSettings:
    """Return the rules as they are stored; nobody else changes them until the transaction ends."""
    # A row that isn't there can't be locked.
    lock_business(business)
    return _load_scheduling_settings()


@transaction.atomic
def change_scheduling_settings(
    *,
    business: Business,
    locked_settings: SchedulingSettings | None = None,
    staff: StaffActor,
    now: datetime,
    **values: Any,
) -> SchedulingSettings:
    """Change the rules given as keywords; only those that differ are put on the timeline.

    `locked_settings` is what `lock_scheduling_settings` returned if the caller has called it in this transaction.
    """
    rules = locked_settings or lock_scheduling_settings(business)
    before = model_to_dict(rules)
    for name, value in values.items():
        setattr(rules, name, value)
    changed = {name: value for name, value in model_to_dict(rules).items() if value != before[name]}
    if changed:
        rules.save()
        if changed.keys() & REMINDER_RULES:
            replan_all_reminders(rules, now=now)
        transaction.on_commit(lambda: cache.delete(_cache_key(business)))
        data = {"before": {name: before[name] for name in changed}, "after": changed}
        activity.record_event(SchedulingEvent.SETTINGS_CHANGED, at=now, **data, **activity.get_actor_fields(staff))
    return rules


def _load_scheduling_settings() -> SchedulingSettings:
    return SchedulingSettings.objects.first() or SchedulingSettings()


def _cache_key(business: Business) -> str:
    return f"scheduling-settings:{business.pk}"
