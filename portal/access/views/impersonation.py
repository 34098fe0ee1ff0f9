"""The pages where an impersonation session starts and ends."""

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import services, token_cookies
from portal.access.request_types import SessionRequest
from portal.access.services.impersonation import IMPERSONATION_LIFETIME, ImpersonationDenied
from tenants import database_clock
from tenants.hostnames import build_absolute_url, get_current_slug


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def start_impersonation(request: SessionRequest) -> HttpResponse:
    """Redeem a one-time token that a form of the console brings, and start an impersonation session.

    Whoever comes any other way, by a link or from another site's form, uses no token up.
    """
    if not _is_sent_by_console(request):
        return _render_denied(request)
    try:
        token = request.POST.get("token", "")[: token_cookies.MAX_TOKEN_LENGTH]
        _session, session_token = services.start_impersonation(
            business=request.business, token=token, now=database_clock.now()
        )
    except ImpersonationDenied:
        return _render_denied(request)
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


def _is_sent_by_console(request: SessionRequest) -> bool:
    """Return whether the request is a form of the platform's host. Browsers set Origin, and no page can forge it."""
    return request.method == "POST" and request.headers.get("Origin") == build_absolute_url(settings.PLATFORM_HOST, "")


def _render_denied(request: SessionRequest) -> HttpResponse:
    context = {"console_url": _build_console_url(request)}
    return render(request, "portal/access/impersonation_denied.html", context, status=403)


def _build_console_url(request: SessionRequest) -> str:
    return build_absolute_url(settings.PLATFORM_HOST, f"/console/{get_current_slug(request.business)}/portal/")
