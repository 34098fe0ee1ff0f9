"""Which cookies does a portal set? Host-only ones, each of which means nothing at another business."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CHALLENGE = f"{settings.COOKIE_PREFIX}challenge"
CONFIRMATION = f"{settings.COOKIE_PREFIX}confirmation"
SESSION = f"{settings.COOKIE_PREFIX}session"
IMPERSONATION = f"{settings.COOKIE_PREFIX}impersonation"
BROWSER = f"{settings.COOKIE_PREFIX}browser"
MAX_TOKEN_LENGTH = 100


def get_token(request: HttpRequest, name: str) -> str:
    """Return a token the browser sent, or an empty string for none or for one we can't have made."""
    value = request.COOKIES.get(name, "")
    return value if value.isascii() and len(value) <= MAX_TOKEN_LENGTH else ""


def set_token(response: HttpResponse, name: str, token: str, *, lifetime: timedelta | None) -> None:
    """Give the browser a token; without a lifetime it goes when the browser closes."""
    response.set_cookie(name, token, max_age=lifetime, path="/", secure=settings.HTTPS, httponly=True, samesite="Lax")


def clear_token(response: HttpResponse, name: str) -> None:
    """Take a token back; the attributes must match, or browsers keep a `__Host-` cookie."""
    response.set_cookie(name, "", max_age=0, path="/", secure=settings.HTTPS, httponly=True, samesite="Lax")
