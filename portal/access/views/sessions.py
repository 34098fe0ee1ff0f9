"""The list of devices, ending sessions and signing out."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.access import services, token_cookies
from portal.access.kinds import AccessEvent
from portal.access.models import ClientSession
from portal.access.request_types import ClientSessionRequest, SessionRequest
from portal.access.views.impersonation import exit_impersonation
from portal.clients.decorators import client_required
from portal.clients.request_types import ClientRequest
from tenants import database_clock
from tenants.nouns import page_registry, registry


@require_safe
@client_required
def list_sessions(request: ClientRequest) -> HttpResponse:
    """List the devices on which the client is signed in."""
    live = list(services.list_active_sessions(request.client, now=database_clock.now()))
    context = {"sessions": live, "sign_in_methods": _list_sign_in_methods(request)}
    return render(request, "portal/access/sessions.html", context)


@require_POST
@client_required
def end_session(request: ClientRequest, pk: uuid.UUID) -> HttpResponse:
    """Sign one device out."""
    now = database_clock.now()
    session = get_object_or_404(services.list_active_sessions(request.client, now=now), pk=pk)
    services.end_session(session=session, event_type=AccessEvent.SESSION_ENDED, now=now)
    return redirect("access:sessions")


@require_POST
@client_required
def end_other_sessions(request: ClientSessionRequest) -> HttpResponse:
    """Sign every other device out."""
    services.end_sessions(client=request.client, current_session=request.client_session, now=database_clock.now())
    return redirect("access:sessions")


@require_POST
def sign_out(request: SessionRequest) -> HttpResponse:
    """Sign this browser out. It is no error if nobody is signed in."""
    if request.impersonation:
        return exit_impersonation(request)
    if isinstance(request.client_session, ClientSession):
        services.end_session(session=request.client_session, now=database_clock.now())
    rotate_token(request)
    response = redirect("access:sign-in")
    for name in (token_cookies.SESSION, token_cookies.CHALLENGE, token_cookies.CONFIRMATION):
        token_cookies.delete_token_cookie(response, name)
    return response


def _list_sign_in_methods(request: ClientRequest) -> list[tuple[str, dict[str, Any]]]:
    """Return, for each way to sign in besides codes, its part of the page: a template and what it reads."""
    methods = [method for method in page_registry.list_sign_in_methods() if method.build_devices_context]
    return [
        (method.devices_template, registry.import_dotted_path(method.build_devices_context)(request))
        for method in methods
    ]
