"""Where is this client signed in, and how does staff end it?"""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import services as access
from portal.access.models import ClientSession
from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.cards.pages import back, card_page, show
from portal.cards.tabs import Tab
from portal.clients.models import Client

SHOWN = 100


def live(client: Client) -> QuerySet[ClientSession]:
    """Return a client's sessions that have not ended, the latest used first."""
    return access.active_sessions(client, now=timezone.now())


TAB = Tab(gettext_lazy("Sessions"), "client-sessions", "clients.view", 50, live)


@card_page("clients.view")
def sessions(request: HttpRequest, client: Client) -> HttpResponse:
    """Every device the client is signed in on."""
    return show(request, client, "console/clients/card/sessions.html", {"sessions": live(client)[:SHOWN]})


@card_page("clients.edit", methods=("POST",))
def end(request: HttpRequest, client: Client, session: UUID) -> HttpResponse:
    """Sign the client out on one device."""
    found = get_object_or_404(client.sessions, pk=session)
    access.end_session(session=found, event_type=EventType.SESSION_ENDED, staff=request.staff, now=timezone.now())
    messages.success(request, _("Signed out on that device."))
    return back(request, client, "client-sessions")


@card_page("clients.edit", methods=("POST",))
def end_all(request: HttpRequest, client: Client) -> HttpResponse:
    """Sign the client out everywhere."""
    access.end_sessions(client=client, now=timezone.now(), **activity.actor_fields(request.staff))
    messages.success(request, _("Signed out on every device."))
    return back(request, client, "client-sessions")
