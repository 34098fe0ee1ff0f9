"""Middleware that lets scripts of the websites that a business lists call its client API."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from portal.embeds.services import get_allowed_websites
from tenants.middleware import API_PREFIX
from tenants.request_types import HostRequest

PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match",
    "Access-Control-Max-Age": "600",
}
EXPOSED_HEADERS = (
    "Deprecation, ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, Sunset, "
    "WWW-Authenticate, X-Request-Id"
)


class CorsMiddleware:
    """Adds the headers of Cross-Origin Resource Sharing to the API of a portal, and answers preflight requests.

    Cookies are never allowed: a script signs in and sends its token. The platform's host, with the business API, has no
    business here and allows no website at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HostRequest) -> HttpResponse:
        if request.business is None or not request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        origin = request.headers.get("Origin", "")
        is_allowed = bool(origin) and origin in get_allowed_websites(request.business).api_origins
        is_preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        response = HttpResponse(status=204) if is_preflight else self.get_response(request)
        patch_vary_headers(response, ["Origin"])
        if is_allowed:
            added = PREFLIGHT_HEADERS if is_preflight else {"Access-Control-Expose-Headers": EXPOSED_HEADERS}
            for name, value in (added | {"Access-Control-Allow-Origin": origin}).items():
                response.headers[name] = value
        return response
