"""Middleware that identifies the client of a portal request, by session or by impersonation."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.access import services, token_cookies
from portal.access.models import ClientSession, ImpersonationMode, ImpersonationSession
from portal.access.request_types import SessionRequest
from portal.ui.lazy_objects import build_lazy_object
from tenants import database_clock
from tenants.request_types import HostRequest

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# The POSTs that a read-only impersonation session may still send.
PERMITTED_URL_NAMES = ("access:impersonation-start", "access:impersonation-exit", "access:sign-out")


class ClientSessionMiddleware:
    """Set the attributes of SessionRequest, on the platform host too, where nobody is signed in.

    An impersonation session takes precedence over the browser's own session while it lasts. The client
    session is loaded from the database only when a view uses it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: SessionRequest) -> HttpResponse:
        # Not lazy: every page has to show that it is impersonated, error pages too.
        request.impersonation = impersonation = _find_impersonation(request)
        request.is_read_only = bool(impersonation and impersonation.mode == ImpersonationMode.READ_ONLY)
        request.client_session = build_lazy_object(lambda: impersonation or _find_session(request))
        request.client = build_lazy_object(lambda: request.client_session.client if request.client_session else None)
        return self.get_response(request)

    def process_view(self, request: SessionRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer 403 to requests that could change data in a read-only impersonation session."""
        if request.method in SAFE_METHODS or not request.is_read_only:
            return None
        if request.resolver_match and request.resolver_match.view_name in PERMITTED_URL_NAMES:
            return None
        return render(request, "portal/access/read_only.html", status=403)


def _find_impersonation(request: HostRequest) -> ImpersonationSession | None:
    token = token_cookies.get_token_cookie(request, token_cookies.IMPERSONATION)
    if request.resolved_host is None or not token:
        return None
    return services.find_impersonation(business=request.resolved_host.business, token=token, now=database_clock.now())


def _find_session(request: HostRequest) -> ClientSession | None:
    token = token_cookies.get_token_cookie(request, token_cookies.SESSION)
    # The console has a business too, but no client sessions.
    if request.resolved_host is None or not token:
        return None
    return services.find_session(token=token, now=database_clock.now())
