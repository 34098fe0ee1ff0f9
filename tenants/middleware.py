"""Resolves each request's host to a business and serves it in that business's schema."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import render

from tenants.connections import close_dead_connection
from tenants.context import use_business, use_public
from tenants.deleted_rows import find_deletion_status
from tenants.hostnames import ResolvedHost, build_absolute_url, resolve_host
from tenants.request_types import HostRequest

log = structlog.get_logger(__name__)

API_PREFIX = "/api/"
DATABASE_ERRORS = (OperationalError, InterfaceError)


class PermanentRedirect(HttpResponseRedirectBase):
    """308: the same method at a new address, permanently."""

    status_code = 308


class BusinessMiddleware:
    """Serves each request in the schema of its host's business.

    The platform host uses the public schema, and an unknown host gets a 404 page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HostRequest) -> HttpResponse:
        close_dead_connection()
        request.business = request.resolved_host = None
        try:
            return self._route_by_host(request, _get_host_name(request))
        except DATABASE_ERRORS as error:
            return handle_database_error(request, error)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 instead of 500 while the database is unavailable, and 404 or 409 where a row was just deleted."""
        if isinstance(exception, DATABASE_ERRORS):
            return handle_database_error(request, exception)
        if status := find_deletion_status(exception, method=request.method):
            return render(request, f"errors/{status}.html", status=status)
        return None

    def _route_by_host(self, request: HostRequest, host: str) -> HttpResponse:
        if host == settings.PLATFORM_HOST:
            with use_public():
                return self.get_response(request)
        resolved_host = resolve_host(host)
        if resolved_host is None:
            return render(request, "errors/404_host.html", status=404)
        return self._serve_portal(request, resolved_host)

    def _serve_portal(self, request: HostRequest, resolved_host: ResolvedHost) -> HttpResponse:
        """Serve a portal; of a former hostname, MovedPortalMiddleware leads to the present one."""
        request.resolved_host, request.business = resolved_host, resolved_host.business
        request.urlconf = settings.PORTAL_URLCONF
        with use_business(resolved_host.business):
            return self.get_response(request)


class MovedPortalMiddleware:
    """Sends the visitors of a former hostname to the portal's present one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HostRequest) -> HttpResponse:
        if request.resolved_host is not None and request.resolved_host.is_former:
            return _redirect_to_current_host(request, request.resolved_host)
        return self.get_response(request)


class SuspensionMiddleware:
    """Shows that the portal of a suspended business is closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HostRequest) -> HttpResponse:
        if request.business is not None and not request.business.is_open:
            return render(request, "errors/403_suspended.html", status=403)
        return self.get_response(request)


def _get_host_name(request: HttpRequest) -> str:
    """Return the host in lower case without port and final dot. Raises DisallowedHost if it is malformed."""
    host = request.get_host().lower()
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).removesuffix(".")


def _redirect_to_current_host(request: HostRequest, resolved_host: ResolvedHost) -> HttpResponse:
    """Redirect GET and HEAD; answer 410 with the new address to other methods, whose form is out of date.

    Programs are never redirected: most of them send no token along to another host.
    """
    if request.method in ("GET", "HEAD") and not request.path_info.startswith(API_PREFIX):
        return PermanentRedirect(build_absolute_url(resolved_host.portal_host, request.get_full_path()))
    context = {"portal_url": build_absolute_url(resolved_host.portal_host), "business": resolved_host.business}
    return render(request, "errors/410_moved.html", context, status=410)


def handle_database_error(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer 503 and log the error: deadlocks and a full disk end here as well."""
    log.error("database.unavailable", kind=type(error.__cause__ or error).__name__)
    connection.close()
    response = render(request, "errors/503.html", status=503)
    response["Retry-After"] = "5"
    return response
