"""Selection of the language and the time zone of a page."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest

from portal.branding import services as branding
from tenants.django_internals import parse_accept_language
from tenants.models import Business

LANGUAGE_COOKIE = f"{settings.COOKIE_PREFIX}language"


def list_available_languages(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the (code, name) pairs a user can choose from: Portico's languages that the business enabled."""
    return list_business_languages(getattr(request, "business", None))


def list_business_languages(business: Business | None) -> list[tuple[str, str]]:
    """Return the (code, name) pairs of the languages that a business enabled: all of Portico's if it chose none."""
    wanted = branding.get_languages_cached(business) if business else []
    return [(code, name) for code, name in settings.LANGUAGES if code in wanted] or list(settings.LANGUAGES)


def list_requested_languages(request: HttpRequest) -> list[str]:
    """Return the language codes a browser prefers, best first: the choice made here, then Accept-Language."""
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    header = request.headers.get("Accept-Language", "")
    return [chosen, *(_strip_region(code) for code in parse_accept_language(header))]


def select_language(request: HttpRequest) -> str:
    """Return the code for a page: chosen here, from the client's card, from the browser, or the business's own."""
    codes = [code for code, _name in list_available_languages(request)]
    business, client = getattr(request, "business", None), getattr(request, "client", None)
    chosen, *accepted = list_requested_languages(request)
    candidates = [chosen, client.language if client else "", *accepted, business.language if business else ""]
    return next((candidate for candidate in candidates if candidate in codes), codes[0])


def select_time_zone(request: HttpRequest) -> ZoneInfo:
    """Return the time zone of a page: the client's own, else the business's, else UTC."""
    business, client = getattr(request, "business", None), getattr(request, "client", None)
    names = [client.time_zone if client else "", business.time_zone if business else ""]
    for name in filter(None, names):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")


def _strip_region(code: str) -> str:
    return code.partition("-")[0].lower()
