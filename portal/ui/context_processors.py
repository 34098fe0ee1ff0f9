"""What does every page know without being told by its view?"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from portal.ui.language import available_languages


def base_context(request: HttpRequest) -> dict[str, Any]:
    """Give templates the business, its profile and languages, and who is signed in; nothing is loaded until used."""
    return {
        "business": getattr(request, "business", None),
        "profile": getattr(request, "profile", None),
        "client": getattr(request, "client", None),
        "languages": SimpleLazyObject(lambda: available_languages(request)),
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
        "demo": settings.DEMO,
        "public_url": settings.PUBLIC_URL,
    }
