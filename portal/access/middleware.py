"""Which client is this, and is it they themselves? Asked of the database only when a page wants to know."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from portal.access import cookies, services
from portal.access.models import ClientSession, ImpersonationSession

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# What somebody who only looks may still send: that they leave.
EXIT_URL_NAMES = ("access:impersonation-exit", "access:sign-out")


class ClientSessionMiddleware:
    """Put `request.client_session`, `request.client` and `request.impersonation` on portal requests, each None for strangers.

    A visit is a member of staff at the portal; it stands before the browser's own session, and
    takes it away for as long as it lasts. Whoever looks at a real client's portal only reads.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asked at once where there is a cookie, so that every page under a visit says so, unknown ones too.
        request.impersonation = _visit(request)
        request.client_session = SimpleLazyObject(lambda: request.impersonation or _session(request))
        request.client = SimpleLazyObject(lambda: request.client_session.client if request.client_session else None)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        """Refuse whatever could change something for the client who is only looked at."""
        if (
            request.method in SAFE_METHODS
            or not request.impersonation
            or request.impersonation.mode != ImpersonationSession.Mode.READ_ONLY
        ):
            return None
        if request.resolver_match and request.resolver_match.view_name in EXIT_URL_NAMES:
            return None
        return render(request, "portal/access/read_only.html", status=403)


def _visit(request: HttpRequest) -> ImpersonationSession | None:
    token = cookies.get_token(request, cookies.IMPERSONATION)
    if request.resolved_host is None or not token:
        return None
    return services.find_impersonation(business=request.business, token=token, now=timezone.now())


def _session(request: HttpRequest) -> ClientSession | None:
    token = cookies.get_token(request, cookies.SESSION)
    # At the console a business is known too, and its clients are still strangers there.
    if request.resolved_host is None or not token:
        return None
    return services.find_session(token=token, now=timezone.now())
