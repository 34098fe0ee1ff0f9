"""The tab of a client's card that lists their enquiries."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.cards.shortcuts import client_card_view, render_card
from portal.cards.tabs import Tab
from portal.clients.models import Client

MAX_ENQUIRIES = 50

TAB = Tab(_("Enquiries"), "client-enquiries", "clients.view", 65, lambda client: client.enquiries.all())


@client_card_view("clients.view")
def enquiries(request: HttpRequest, client: Client) -> HttpResponse:
    """List a client's enquiries, the newest first."""
    found = client.enquiries.order_by("-received_at", "-id")[:MAX_ENQUIRIES]
    return render_card(request, client, "console/intake/client_tab.html", {"enquiries": found})
