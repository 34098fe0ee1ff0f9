"""What if a page failed? The real application, with a few pages that do."""

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.wsgi import application  # isort: skip  (it sets up what the rest needs)
from config import urls_platform, urls_portal

HUSH = "hush-hush"


def fail(request: HttpRequest) -> HttpResponse:
    """Fail as a bug would, with something in hand that nobody may see."""
    secret = HUSH
    raise RuntimeError(secret)


def away(request: HttpRequest) -> HttpResponse:
    """Fail as the database would while it is away."""
    raise OperationalError(HUSH)


def forbid(request: HttpRequest) -> HttpResponse:
    """Refuse."""
    raise PermissionDenied(HUSH)


for urls in (urls_platform, urls_portal):
    urls.urlpatterns += [path("fail/", fail), path("away/", away), path("forbid/", forbid)]

__all__ = ["application"]
