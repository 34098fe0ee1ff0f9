"""The context processor for every template."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from portal.ui.language import available_languages


def base_context(request: HttpRequest) -> dict[str, Any]:
    """Add the business, its profile and languages, and the signed-in client; each is loaded only when used."""
    return {
        "business": getattr(request, "business", None),
        "profile": getattr(request, "profile", None),
        "client": getattr(request, "client", None),
        "languages": SimpleLazyObject(lambda: available_languages(request)),
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
        "demo": settings.DEMO,
        "public_url": settings.PUBLIC_URL,
    }
