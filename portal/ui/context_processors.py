"""The context processor for every template."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def base_context(request: HttpRequest) -> dict[str, Any]:
    """Add the business, the signed-in client, the language, and the settings that templates read."""
    return {
        "business": getattr(request, "business", None),
        "client": getattr(request, "client", None),
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
        "demo": settings.DEMO,
        "public_url": settings.PUBLIC_URL,
    }
