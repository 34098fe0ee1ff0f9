"""How does a member of staff come to the portal and leave it again?"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from portal.access import cookies, services
from portal.access.services.visits import LIFETIME, NoEntry
from tenants.hostnames import absolute_url, current_slug


@require_GET
def enter(request: HttpRequest) -> HttpResponse:
    """Let a member of staff in who brings a pass from the console; the pass is used up by it."""
    try:
        token = request.GET.get("token", "")[: cookies.LONGEST]
        _visit, fresh = services.open_visit(business=request.business, token=token, now=timezone.now())
    except NoEntry:
        return render(request, "portal/access/no_entry.html", {"console_url": _console(request)}, status=403)
    rotate_token(request)
    response = redirect("ui:home")
    cookies.write(response, cookies.VISIT, fresh, lifetime=LIFETIME)
    return response


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the visit; the browser's own session, if it had one, is back."""
    if request.visit:
        services.end_visit(visit=request.visit, now=timezone.now())
    rotate_token(request)
    response = redirect("access:visit-over")
    cookies.clear(response, cookies.VISIT)
    return response


@require_safe
def over(request: HttpRequest) -> HttpResponse:
    """Say that the visit is over, and how to get back to the console."""
    return render(request, "portal/access/visit_over.html", {"console_url": _console(request)})


def _console(request: HttpRequest) -> str:
    return absolute_url(settings.PLATFORM_HOST, f"/console/{current_slug(request.business)}/portal/")
