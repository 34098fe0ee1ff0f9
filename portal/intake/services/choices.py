"""What did the business decide about its contact form?"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.forms.models import model_to_dict

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.intake.models import ContactForm
from tenants.models import Business
from tenants.staff.actor import Staff


def current_form(business: Business) -> ContactForm:
    """Return the business's choices; a change shows within HOST_CACHE_SECONDS.

    The sign-in page asks too, whether to name the form as a way in: answered from this
    process, that costs it no statement.
    """
    return cache.get_or_set(_key(business), _ask, settings.HOST_CACHE_SECONDS) or ContactForm()


@transaction.atomic
def change_form(*, business: Business, staff: Staff, now: datetime, **new: Any) -> ContactForm:
    """Change what the contact form asks and says; only what differs is put on the timeline."""
    form = ContactForm.objects.select_for_update().filter(pk=1).first() or ContactForm()
    before = model_to_dict(form)
    for name, value in new.items():
        setattr(form, name, value)
    form.save()
    changed = {name for name, value in model_to_dict(form).items() if value != before[name]}
    if changed:
        facts = {"before": {name: before[name] for name in changed}, "after": {name: new[name] for name in changed}}
        activity.record(EventType.CONTACT_FORM_CHANGED, at=now, **facts, **activity.actor_fields(staff))
    transaction.on_commit(lambda: cache.delete(_key(business)))
    return form


def _ask() -> ContactForm:
    return ContactForm.objects.filter(pk=1).first() or ContactForm()


def _key(business: Business) -> str:
    return f"contact-form/{business.pk}"
