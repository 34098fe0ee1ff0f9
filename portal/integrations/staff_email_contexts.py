"""What the templates of emails about webhooks are given."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from portal.activity.models import Entry
from portal.integrations.kinds import IntegrationEvent
from tenants.context import use_business
from tenants.hostnames import build_absolute_url, get_current_slug
from tenants.models import Business, BusinessStatus, StaffEmail


def build_webhook_context(email: StaffEmail, now: datetime) -> dict[str, Any] | None:
    """Return the context of an email about where webhooks go, or None when the business or the recipient is gone.

    It names the host only: the rest of a URL may be a secret of the receiver's.
    """
    if email.person is None or not email.person.is_active:
        return None
    business = Business.objects.exclude(status=BusinessStatus.CLOSED).filter(pk=email.data["business_id"]).first()
    entry = business and _find_entry(business, email.data["entry_id"])
    if not business or not entry:
        return None
    path = reverse("console:webhooks", kwargs={"business": get_current_slug(business)})
    return {
        "to": email.person.email,
        "business": business,
        "is_new": entry.event_type == IntegrationEvent.WEBHOOK_ADDED,
        "who": entry.actor_name,
        "webhook_host": urlsplit(entry.data["subject_name"]).hostname,
        "sent_at": email.created_at,
        "url": build_absolute_url(settings.PLATFORM_HOST, path),
    }


def _find_entry(business: Business, entry_id: str) -> Entry | None:
    with use_business(business):
        return Entry.objects.filter(pk=entry_id).first()
