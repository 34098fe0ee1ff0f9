"""The part about passkeys on the sessions tab of a client's card, and removing one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.clients.console.card_shortcuts import client_card_view, redirect_to_client_card
from portal.clients.models import Client
from portal.passkeys import services
from tenants import database_clock
from tenants.context import get_current_business
from tenants.hostnames import list_portal_hosts
from tenants.staff.request_types import StaffRequest


def build_card_context(client: Client) -> dict[str, Any]:
    """Return a client's passkeys, the newest first, each with whether it works at an address of the portal."""
    business = get_current_business()
    assert business, "a card belongs to a business"
    return {"passkeys": services.list_passkeys(client, hosts=list_portal_hosts(business))}


@client_card_view("clients.edit", methods=("POST",))
def remove_passkey(request: StaffRequest, client: Client, passkey: UUID) -> HttpResponse:
    """Remove one of a client's passkeys, and end the sessions it opened."""
    found = get_object_or_404(services.query_passkeys(client), pk=passkey)
    services.remove_passkey(client=client, passkey=found, staff=request.staff, now=database_clock.now())
    messages.success(request, _("Passkey removed, and signed out where it was used. The client is notified."))
    return redirect_to_client_card(request, client, "client-sessions")
