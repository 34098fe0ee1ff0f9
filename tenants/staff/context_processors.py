"""Template context that every page of the console has."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tenants.nouns import page_registry
from tenants.staff.navigation import build_nav_links
from tenants.staff.request_types import is_staff_request


def console_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of the console reads: the membership, its permissions, the navigation and the tools."""
    if not is_staff_request(request):
        return {}
    return {
        "membership": request.membership,
        "person": request.person,
        "perms": request.perms,
        "slug": request.slug,
        "nav_links": SimpleLazyObject(lambda: build_nav_links(request, page_registry.list_nav_items())),
        "console_tools": page_registry.list_console_tools(),
        "settings_pages": SimpleLazyObject(lambda: build_nav_links(request, page_registry.list_settings_nav_items())),
        "memberships": request.memberships,
        "support_email": settings.SUPPORT_EMAIL,
    }
