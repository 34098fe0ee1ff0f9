"""The cookies of a portal: host-only tokens, each valid at one business."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CHALLENGE = f"{settings.COOKIE_PREFIX}challenge"
CONFIRMATION = f"{settings.COOKIE_PREFIX}confirmation"
SESSION = f"{settings.COOKIE_PREFIX}session"
IMPERSONATION = f"{settings.COOKIE_PREFIX}impersonation"
BROWSER = f"{settings.COOKIE_PREFIX}browser"
MAX_TOKEN_LENGTH = 100


def get_token_cookie(request: HttpRequest, name: str) -> str:
    """Return the token in a cookie; empty if there is none or it cannot be one of ours."""
    value = request.COOKIES.get(name, "")
    return value if value.isascii() and len(value) <= MAX_TOKEN_LENGTH else ""


def set_token_cookie(response: HttpResponse, name: str, token: str, *, lifetime: timedelta | None) -> None:
    """Set a cookie; without a lifetime it lasts until the browser closes."""
    response.set_cookie(name, token, max_age=lifetime, path="/", secure=settings.HTTPS, httponly=True, samesite="Lax")


def delete_token_cookie(response: HttpResponse, name: str) -> None:
    """Delete a cookie. The attributes must match, or browsers keep a `__Host-` cookie."""
    response.set_cookie(name, "", max_age=0, path="/", secure=settings.HTTPS, httponly=True, samesite="Lax")
