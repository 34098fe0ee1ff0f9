"""Did the person behind this session prove who they are a short while ago?"""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.ui.decorators import View, client_required
from portal.ui.redirects import redirect_with_query


def recently_authenticated(request: HttpRequest) -> bool:
    """Tell whether whoever is signed in here proved it lately."""
    return timezone.now() - request.client_session.authenticated_at <= settings.REAUTH_LIFETIME


def reauth_required(view: View) -> View:
    """Let clients in whose code is recent; the others confirm with a new one first, then come back."""

    @client_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not recently_authenticated(request):
            return redirect_with_query("profile:reauthentication", request.GET)
        return view(request, *args, **kwargs)

    return guarded
