"""Middleware for security headers, and for the page for a method that isn't allowed."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.ui.error_views import render_error_page

GetResponse = Callable[[HttpRequest], HttpResponse]

SECURITY_HEADERS = {
    # Pages are private. The few responses that may be cached set the header themselves.
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=(), xr-spatial-tracking=()"
    ),
}
# Not Django's SECURE_HSTS_SECONDS, which sends nothing where TLS ends at a proxy that Django doesn't know of.
HSTS_HEADER = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


class SecurityHeadersMiddleware:
    """Set the headers on every response that keep pages out of caches, frames and other sites."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response
        self.headers = SECURITY_HEADERS | (HSTS_HEADER if settings.HTTPS else {})

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response


class MethodNotAllowedMiddleware:
    """Replace Django's empty 405 response with a page."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = render_error_page(request, 405)
        page.headers["Allow"] = response.headers["Allow"]
        return page
