"""The variables that the templates of all mails and texts of a business have."""

from datetime import datetime
from typing import Any

from django.conf import settings

from tenants.hostnames import build_absolute_url, build_portal_host
from tenants.models import Business
from tenants.nouns import registry


def build_common_context(business: Business, *, slug: str, sent_at: datetime) -> dict[str, Any]:
    """Return what nouns declare as message variables, the business and its addresses; call it inside the business."""
    host = build_portal_host(slug)
    return {
        **{
            name: registry.import_dotted_path(path)(business)
            for name, path in registry.get_message_variable_functions().items()
        },
        "business": business,
        "host": host,
        "portal_url": build_absolute_url(host),
        "console_url": build_absolute_url(settings.PLATFORM_HOST, f"/console/{slug}/"),
        "sent_at": sent_at,
    }
