"""What the templates of emails about API keys are given."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from portal.api_keys.scopes import list_scope_labels
from tenants.hostnames import build_absolute_url, get_current_slug
from tenants.models import ApiKey, StaffEmail


def build_api_key_context(email: StaffEmail, now: datetime) -> dict[str, Any] | None:
    """Return the context of an email about a new key, or None when the key or the recipient is gone."""
    if email.person is None or not email.person.is_active:
        return None
    keys = ApiKey.objects.select_related("business", "membership__person")
    key = keys.filter(pk=email.data["api_key"]).first()
    if key is None:
        return None
    path = reverse("console:api-keys", kwargs={"business": get_current_slug(key.business)})
    return {
        "to": email.person.email,
        "key": key,
        "business": key.business,
        "maker": key.membership.person if key.membership else None,
        "scope_labels": list_scope_labels(key.scopes),
        "sent_at": email.created_at,
        "url": build_absolute_url(settings.PLATFORM_HOST, path),
    }
