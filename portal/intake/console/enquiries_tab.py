"""The tab of a client's card that lists their enquiries."""

from django.db.models import QuerySet
from django.http import HttpResponse

from portal.clients.console.card_shortcuts import client_card_view, render_client_card
from portal.clients.models import Client
from portal.intake.models import Enquiry
from tenants.staff.request_types import StaffRequest

MAX_ENQUIRIES = 50


def query_client_enquiries(client: Client) -> QuerySet[Enquiry]:
    """Return a client's enquiries, the newest first."""
    return client.enquiries.order_by("-received_at", "-id")


@client_card_view("clients.view")
def list_client_enquiries(request: StaffRequest, client: Client) -> HttpResponse:
    """List a client's enquiries, the newest first."""
    return render_client_card(
        request,
        client,
        "console/intake/enquiries_tab.html",
        {"enquiries": query_client_enquiries(client)[:MAX_ENQUIRIES]},
    )
