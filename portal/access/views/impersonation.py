"""The pages where an impersonation session starts and ends."""

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from portal.access import services, token_cookies
from portal.access.request_types import SessionRequest
from portal.access.services.impersonation import IMPERSONATION_LIFETIME, ImpersonationDenied
from tenants import database_clock
from tenants.hostnames import build_absolute_url, get_current_slug


@require_GET
def start_impersonation(request: SessionRequest) -> HttpResponse:
    """Redeem a one-time token from the console, and start an impersonation session."""
    try:
        token = request.GET.get("token", "")[: token_cookies.MAX_TOKEN_LENGTH]
        _session, session_token = services.start_impersonation(
            business=request.business, token=token, now=database_clock.now()
        )
    except ImpersonationDenied:
        return render(
            request, "portal/access/impersonation_denied.html", {"console_url": _build_console_url(request)}, status=403
        )
    rotate_token(request)
    response = redirect("home:home")
    token_cookies.set_token_cookie(
        response, token_cookies.IMPERSONATION, session_token, lifetime=IMPERSONATION_LIFETIME
    )
    return response


@require_POST
def exit_impersonation(request: SessionRequest) -> HttpResponse:
    """End the impersonation session; the browser's own client session, if any, applies again."""
    if request.impersonation:
        services.end_impersonation(session=request.impersonation, now=database_clock.now())
    rotate_token(request)
    response = redirect("access:impersonation-ended")
    token_cookies.delete_token_cookie(response, token_cookies.IMPERSONATION)
    return response


@require_safe
def show_impersonation_ended(request: SessionRequest) -> HttpResponse:
    """Show that impersonation has ended, with a link to the console."""
    return render(request, "portal/access/impersonation_ended.html", {"console_url": _build_console_url(request)})


def _build_console_url(request: SessionRequest) -> str:
    return build_absolute_url(settings.PLATFORM_HOST, f"/console/{get_current_slug(request.business)}/portal/")
