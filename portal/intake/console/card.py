"""What did this client write by the contact form?"""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.cards.pages import card_page, show
from portal.cards.tabs import Tab
from portal.clients.models import Client

SHOWN = 50

TAB = Tab(_("Enquiries"), "client-enquiries", "clients.view", 65, lambda client: client.submissions.all())


@card_page("clients.view")
def enquiries(request: HttpRequest, client: Client) -> HttpResponse:
    """List a client's enquiries, the newest first."""
    page = client.submissions.order_by("-received_at", "-id")[:SHOWN]
    return show(request, client, "console/intake/of_client.html", {"page": page})
