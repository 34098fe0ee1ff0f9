"""The tab of a client's card that lists their enquiries."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.cards.pages import card_page, show
from portal.cards.tabs import Tab
from portal.clients.models import Client

MAX_ENQUIRIES = 50

TAB = Tab(_("Enquiries"), "client-enquiries", "clients.view", 65, lambda client: client.enquiries.all())


@card_page("clients.view")
def enquiries(request: HttpRequest, client: Client) -> HttpResponse:
    """List a client's enquiries, the newest first."""
    found = client.enquiries.order_by("-received_at", "-id")[:MAX_ENQUIRIES]
    return show(request, client, "console/intake/client_tab.html", {"enquiries": found})
