"""Re-authentication: sensitive pages need a recent sign-in, by code or passkey, or a code typed a short while ago."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpResponse

from portal.access.models import PortalSession
from portal.access.request_types import ClientSessionRequest
from portal.clients.decorators import client_required
from portal.clients.request_types import VisitorRequest
from portal.ui.redirects import redirect_with_query
from tenants import database_clock

Arguments = ParamSpec("Arguments")


def is_recently_authenticated(request: ClientSessionRequest) -> bool:
    """Tell whether the client signed in, by code or passkey, or confirmed with a code within REAUTH_LIFETIME."""
    return is_recent_authentication(request.client_session, now=database_clock.now())


def is_recent_authentication(session: PortalSession, *, now: datetime) -> bool:
    """Tell whether a session was opened, by code or passkey, or confirmed with a code within REAUTH_LIFETIME."""
    return now - session.authenticated_at <= settings.REAUTH_LIFETIME


def reauth_required(
    view: Callable[Concatenate[ClientSessionRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[VisitorRequest, Arguments], HttpResponse]:
    """Redirect clients who did not authenticate recently to confirm with a new code; they return afterwards."""

    @client_required
    @wraps(view)
    def wrapper(request: ClientSessionRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if not is_recently_authenticated(request):
            return redirect_with_query("account:reauthentication", request.GET)
        return view(request, *args, **kwargs)

    return wrapper
