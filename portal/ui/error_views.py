"""The error views. They show a page with a next step, and never fail themselves."""

import logging
import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.middleware import DATABASE_ERRORS, handle_database_error

logger = logging.getLogger(__name__)

# Shown only when rendering the error page fails, too.
FALLBACK_HTML = (
    "<!doctype html><html lang=en><title>Something went wrong</title>"
    "<h1>Something went wrong</h1><p>Please try again in a minute.</p></html>"
)


def show_bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400, or 413 if the request was too big."""
    too_big = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return render_error_page(request, 413 if too_big else 400)


def show_forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: the user may not do this."""
    return render_error_page(request, 403)


def show_csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form from another site or from a page that is out of date."""
    return render_error_page(request, 403, template="403_form", start_again="/")


def show_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404 alike for a page that doesn't exist and for one of somebody else."""
    return render_error_page(request, 404)


def show_server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 where the database went away in a middleware.

    Django turns a middleware's exception into a response before BusinessMiddleware can see it.
    """
    error = sys.exception()
    if isinstance(error, DATABASE_ERRORS):
        return handle_database_error(request, error)
    return render_error_page(request, 500)


def render_error_page(request: HttpRequest, status: int, *, template: str = "", **context: Any) -> HttpResponse:
    """Render templates/errors/<status>.html with that status; fall back to plain HTML rather than fail."""
    try:
        return render(request, f"errors/{template or status}.html", context, status=status)
    except Exception:
        logger.exception("the error page could not be rendered", extra={"status": status})
        return HttpResponse(FALLBACK_HTML, status=status)
