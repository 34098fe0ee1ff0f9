"""The home page of a client in the portal."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.branding.home_sections import build_visible_sections
from portal.clients.decorators import client_required
from portal.clients.request_types import ClientRequest
from portal.home.greetings import build_greeting
from tenants import database_clock


@require_safe
@client_required
def show_home(request: ClientRequest) -> HttpResponse:
    """Show the client's home page with its sections."""
    now = database_clock.now()
    sections = build_visible_sections(client=request.client, portal_settings=request.portal_settings, now=now)
    greeting = build_greeting(request.client.name, hour=timezone.localtime(now).hour)
    return render(request, "portal/home.html", {"sections": sections, "greeting": greeting})
