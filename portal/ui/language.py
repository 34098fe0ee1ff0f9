"""In which language, and by whose clock, is this page read?"""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from portal.profile import services as profiles

COOKIE = f"{settings.COOKIE_PREFIX}language"


def offered(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the (code, name) pairs to choose from: the business's choice of those Portico speaks."""
    business = getattr(request, "business", None)
    wanted = profiles.languages(business) if business else []
    return [(code, name) for code, name in settings.LANGUAGES if code in wanted] or list(settings.LANGUAGES)


def asked_for(request: HttpRequest) -> list[str]:
    """Return what the browser asks for, most wanted first: its choice here, then its own settings."""
    chosen = request.COOKIES.get(COOKIE, "")
    header = request.headers.get("Accept-Language", "")
    return [chosen, *(_without_region(code) for code, _weight in parse_accept_lang_header(header))]


def language_for(request: HttpRequest) -> str:
    """Return the language of a page: chosen here, on the client's card, by the browser, or the business's own."""
    codes = [code for code, _name in offered(request)]
    business, client = getattr(request, "business", None), getattr(request, "client", None)
    chosen, *accepted = asked_for(request)
    wishes = [chosen, client.language if client else "", *accepted, business.language if business else ""]
    return next((wish for wish in wishes if wish in codes), codes[0])


def clock_for(request: HttpRequest) -> ZoneInfo:
    """Return the time zone of a page: the client's own, else the business's, else UTC."""
    business, client = getattr(request, "business", None), getattr(request, "client", None)
    names = [client.time_zone if client else "", business.time_zone if business else ""]
    for name in filter(None, names):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")


def _without_region(code: str) -> str:
    return code.partition("-")[0].lower()
