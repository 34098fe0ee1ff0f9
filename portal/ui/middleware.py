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
HSTS = "max-age=31536000"
HSTS_WITH_SUBDOMAINS = f"{HSTS}; includeSubDomains"


class SecurityHeadersMiddleware:
    """Set the headers on every response that keep pages out of caches, frames and other sites."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.HTTPS:
            response.headers["Strict-Transport-Security"] = HSTS_WITH_SUBDOMAINS if _is_our_domain(request) else HSTS
        return response


def _is_our_domain(request: HttpRequest) -> bool:
    """Return whether the host is the platform's, or a portal's below its domain.

    What else runs below a business's own domain is the business's affair, and may well be without TLS.
    """
    # Not get_host(), which raises an error for the malformed hosts whose responses pass here too.
    host = request.headers.get("Host", "").lower().partition(":")[0].removesuffix(".")
    return host in (settings.PLATFORM_HOST, settings.PORTAL_DOMAIN) or host.endswith(f".{settings.PORTAL_DOMAIN}")


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
