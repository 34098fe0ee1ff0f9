"""How does a member of staff come to the portal and leave it again?"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from portal.access import cookies, services
from portal.access.services.impersonation import IMPERSONATION_LIFETIME, ImpersonationDenied
from tenants.hostnames import absolute_url, current_slug


@require_GET
def start_impersonation(request: HttpRequest) -> HttpResponse:
    """Let a member of staff in who brings a pass from the console; the pass is used up by it."""
    try:
        token = request.GET.get("token", "")[: cookies.MAX_TOKEN_LENGTH]
        _visit, fresh = services.start_impersonation(business=request.business, token=token, now=timezone.now())
    except ImpersonationDenied:
        return render(
            request, "portal/access/impersonation_denied.html", {"console_url": _console_url(request)}, status=403
        )
    rotate_token(request)
    response = redirect("ui:home")
    cookies.set_token(response, cookies.IMPERSONATION, fresh, lifetime=IMPERSONATION_LIFETIME)
    return response


@require_POST
def exit_impersonation(request: HttpRequest) -> HttpResponse:
    """End the visit; the browser's own session, if it had one, is back."""
    if request.impersonation:
        services.end_impersonation(visit=request.impersonation, now=timezone.now())
    rotate_token(request)
    response = redirect("access:impersonation-ended")
    cookies.clear_token(response, cookies.IMPERSONATION)
    return response


@require_safe
def impersonation_ended(request: HttpRequest) -> HttpResponse:
    """Say that the visit is over, and how to get back to the console."""
    return render(request, "portal/access/impersonation_ended.html", {"console_url": _console_url(request)})


def _console_url(request: HttpRequest) -> str:
    return absolute_url(settings.PLATFORM_HOST, f"/console/{current_slug(request.business)}/portal/")
