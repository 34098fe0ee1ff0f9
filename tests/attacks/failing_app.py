"""The real WSGI application with added pages that fail, for tests of what an error page reveals."""

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.wsgi import application  # isort: skip  (it sets up what the rest needs)
from config import urls_platform, urls_portal

SECRET = "hush-hush"


def raise_error(request: HttpRequest) -> HttpResponse:
    """Fail as a bug would, with a secret in a local variable."""
    secret = SECRET
    raise RuntimeError(secret)


def raise_database_error(request: HttpRequest) -> HttpResponse:
    """Fail as the database does while it is unavailable."""
    raise OperationalError(SECRET)


def raise_forbidden(request: HttpRequest) -> HttpResponse:
    """Raise PermissionDenied."""
    raise PermissionDenied(SECRET)


for urls in (urls_platform, urls_portal):
    urls.urlpatterns += [
        path("fail/", raise_error),
        path("away/", raise_database_error),
        path("forbid/", raise_forbidden),
    ]

__all__ = ["application"]
