"""The context processor for what a business chose for its portal."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.branding.language_selection import list_available_languages
from portal.branding.navigation import build_portal_nav_links


def branding_context(request: HttpRequest) -> dict[str, Any]:
    """Add the languages and, in a portal, its settings and navigation; each is loaded only when used."""
    portal_settings: Any = getattr(request, "portal_settings", None)
    return {
        "portal_settings": portal_settings,
        "portal_nav_links": SimpleLazyObject(lambda: build_portal_nav_links(request.path, portal_settings)),
        "languages": SimpleLazyObject(lambda: list_available_languages(request)),
    }
