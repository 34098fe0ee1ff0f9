"""The part about passkeys on the page of a client's devices, removing one, and dismissing the offer of one."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from portal.access.request_types import ClientSessionRequest
from portal.clients.decorators import client_required
from portal.clients.request_types import ClientRequest
from portal.passkeys import services
from portal.passkeys.models import Passkey
from tenants import database_clock


def build_devices_context(request: ClientRequest) -> dict[str, Any]:
    """Return the client's passkeys, the newest first, and whether they may have more."""
    listed = services.list_passkeys(request.client, hosts=[request.resolved_host.portal_host])
    return {
        "passkeys": listed,
        "has_other_hosts": any(each.is_of_other_host for each in listed),
        "may_add": len(listed) < services.MAX_PASSKEYS,
        "maximum": services.MAX_PASSKEYS,
    }


@require_POST
@client_required
def remove_passkey(request: ClientSessionRequest, pk: uuid.UUID) -> HttpResponse:
    """Remove one of the client's passkeys, and sign the other devices out that it signed in."""
    passkey = get_object_or_404(Passkey, pk=pk, client=request.client)
    services.remove_passkey(
        client=request.client, passkey=passkey, current_session=request.client_session, now=database_clock.now()
    )
    return redirect("access:sessions")


@require_POST
@client_required
def dismiss_offer(request: ClientRequest) -> HttpResponse:
    """Offer this client no passkey any more."""
    services.dismiss_offer(client=request.client, now=database_clock.now())
    return redirect("home:home")
