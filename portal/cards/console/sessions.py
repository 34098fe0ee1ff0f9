"""The sessions tab, and the actions that end a client's sessions."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.access import services as access
from portal.access.kinds import AccessEvent
from portal.access.models import ClientSession
from portal.activity import services as activity
from portal.clients.console.card_shortcuts import client_card_view, redirect_to_client_card, render_client_card
from portal.clients.models import Client
from tenants import database_clock
from tenants.nouns import page_registry, registry
from tenants.staff.request_types import StaffRequest

MAX_SESSIONS = 100


def query_active_sessions(client: Client) -> QuerySet[ClientSession]:
    """Return a client's sessions that have not ended, the latest used first."""
    return access.list_active_sessions(client, now=database_clock.now())


@client_card_view("clients.view")
def list_sessions(request: StaffRequest, client: Client) -> HttpResponse:
    """Show a client's sessions, and what else they sign in with."""
    methods = [method for method in page_registry.list_sign_in_methods() if method.card_template]
    context = {
        "sessions": query_active_sessions(client)[:MAX_SESSIONS],
        "sign_in_methods": [
            (method.card_template, registry.import_dotted_path(method.build_card_context)(client)) for method in methods
        ],
    }
    return render_client_card(request, client, "console/clients/card/sessions.html", context)


@client_card_view("clients.edit", methods=("POST",))
def end_session(request: StaffRequest, client: Client, session: UUID) -> HttpResponse:
    """End one session of a client."""
    found = get_object_or_404(client.sessions, pk=session)
    access.end_session(
        session=found, event_type=AccessEvent.SESSION_ENDED, staff=request.staff, now=database_clock.now()
    )
    messages.success(request, _("Signed out on that device."))
    return redirect_to_client_card(request, client, "client-sessions")


@client_card_view("clients.edit", methods=("POST",))
def end_all_sessions(request: StaffRequest, client: Client) -> HttpResponse:
    """End all sessions of a client."""
    access.end_sessions(client=client, now=database_clock.now(), **activity.get_actor_fields(request.staff))
    messages.success(request, _("Signed out on every device."))
    return redirect_to_client_card(request, client, "client-sessions")
