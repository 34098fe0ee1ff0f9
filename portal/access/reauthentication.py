"""Re-authentication: sensitive pages need a code that was typed a short while ago."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.ui.decorators import View, client_required
from portal.ui.redirects import redirect_with_query


def is_recently_authenticated(request: HttpRequest) -> bool:
    """Tell whether the client authenticated with a code within REAUTH_LIFETIME."""
    return timezone.now() - request.client_session.authenticated_at <= settings.REAUTH_LIFETIME


def reauth_required(view: View) -> View:
    """Redirect clients who did not authenticate recently to confirm with a new code; they return afterwards."""

    @client_required
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_recently_authenticated(request):
            return redirect_with_query("account:reauthentication", request.GET)
        return view(request, *args, **kwargs)

    return wrapper
