"""What does every page of the console know without being told by its view?"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tenants.staff.sections import sections_for


def console(request: HttpRequest) -> dict[str, Any]:
    """Give templates the membership, what it may do, the console's slug and the other places of this person."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    return {
        "membership": membership,
        "person": request.person,
        "may": request.may,
        "slug": request.slug,
        "sections": SimpleLazyObject(lambda: sections_for(request, settings.CONSOLE_SECTIONS)),
        "settings_pages": SimpleLazyObject(lambda: sections_for(request, settings.CONSOLE_SETTINGS)),
        "places": request.places,
    }
