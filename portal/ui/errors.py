"""What does a person see when something can't be done? Never a stack trace, and never a second error."""

import logging
import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.middleware import DATABASE_ERRORS, database_unavailable

logger = logging.getLogger(__name__)

# Shown only when even the error page can't be rendered.
FALLBACK_HTML = "<!doctype html><html lang=en><title>Something went wrong</title><h1>Something went wrong</h1><p>Please try again in a minute.</p></html>"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 where the request was simply too big."""
    too_big = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return render_error_page(request, 413 if too_big else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: we know what was asked and it is not theirs to have."""
    return render_error_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form came from another site, or from a page that had gone stale."""
    return render_error_page(request, 403, template="403_form", start_again="/")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or none of theirs; the two look alike."""
    return render_error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault, already reported. 503 where a middleware met a database that went away.

    Django turns what a middleware raises into an answer before BusinessMiddleware could see it.
    """
    error = sys.exception()
    if isinstance(error, DATABASE_ERRORS):
        return database_unavailable(request, error)
    return render_error_page(request, 500)


def render_error_page(request: HttpRequest, status: int, *, template: str = "", **context: Any) -> HttpResponse:
    """Render templates/errors/<status>.html with that status; falls back to bare HTML rather than failing."""
    try:
        return render(request, f"errors/{template or status}.html", context, status=status)
    except Exception:
        logger.exception("the error page could not be rendered", extra={"status": status})
        return HttpResponse(FALLBACK_HTML, status=status)
