"""Middleware that loads the portal's settings, and selects the language and time zone of a page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from portal.branding import services as branding
from portal.branding.language_selection import list_requested_languages, select_language, select_time_zone
from portal.branding.request_types import BrandedRequest
from portal.ui.lazy_objects import build_lazy_object

GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Activate the visitor's language and time zone for one request.

    Until the business is known the browser's preference decides, which is what error pages
    use. Once a view is chosen, the business's languages and the client's card count, too.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: BrandedRequest) -> HttpResponse:
        request.portal_settings = build_lazy_object(branding.get_portal_settings)
        available = dict(settings.LANGUAGES)
        language = next(
            (code for code in list_requested_languages(request) if code in available), settings.LANGUAGE_CODE
        )
        with translation.override(language), timezone.override(None):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
            return response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        """Activate language and time zone once business and client are known."""
        translation.activate(select_language(request))
        timezone.activate(select_time_zone(request))
