"""The context processor for what a business chose for its portal."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.branding.language import list_available_languages


def branding_context(request: HttpRequest) -> dict[str, Any]:
    """Add the portal's settings and its languages; each is loaded only when used."""
    return {
        "portal_settings": getattr(request, "portal_settings", None),
        "languages": SimpleLazyObject(lambda: list_available_languages(request)),
    }
