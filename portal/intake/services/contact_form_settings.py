"""Read and change the settings of a business's contact form."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.forms.models import model_to_dict

from portal.activity import services as activity
from portal.intake.kinds import IntakeEvent
from portal.intake.models import ContactFormSettings
from tenants.business_locks import lock_business
from tenants.models import Business
from tenants.staff.staff_actor import StaffActor


def get_contact_form_settings(business: Business) -> ContactFormSettings:
    """Return the business's settings; a change shows within HOST_CACHE_SECONDS.

    They are cached because the sign-in page needs them too, to know whether to link to the form.
    """
    return (
        cache.get_or_set(_cache_key(business), _load_contact_form_settings, settings.HOST_CACHE_SECONDS)
        or ContactFormSettings()
    )


def has_contact_form(business: Business) -> bool:
    """Return whether a business receives contact forms."""
    return get_contact_form_settings(business).is_on


def lock_contact_form_settings(business: Business) -> ContactFormSettings:
    """Return the settings as they are stored; nobody else changes them until the transaction ends."""
    # A row that isn't there can't be locked.
    lock_business(business)
    return _load_contact_form_settings()


@transaction.atomic
def change_contact_form_settings(
    *,
    business: Business,
    locked_settings: ContactFormSettings | None = None,
    staff: StaffActor,
    now: datetime,
    **values: Any,
) -> ContactFormSettings:
    """Change the settings given as keywords; only those that differ are put on the timeline.

    `locked_settings` is what `lock_contact_form_settings` returned if the caller has called it in this transaction.
    """
    form = locked_settings or lock_contact_form_settings(business)
    before = model_to_dict(form)
    for name, value in values.items():
        setattr(form, name, value)
    form.save()
    changed = {name for name, value in model_to_dict(form).items() if value != before[name]}
    if changed:
        data = {"before": {name: before[name] for name in changed}, "after": {name: values[name] for name in changed}}
        activity.record_event(IntakeEvent.CONTACT_FORM_CHANGED, at=now, **data, **activity.get_actor_fields(staff))
    transaction.on_commit(lambda: cache.delete(_cache_key(business)))
    return form


def _load_contact_form_settings() -> ContactFormSettings:
    return ContactFormSettings.objects.filter(pk=1).first() or ContactFormSettings()


def _cache_key(business: Business) -> str:
    return f"contact-form/{business.pk}"
