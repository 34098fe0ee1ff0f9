"""The timeline tab of a client's card."""

from django.http import HttpResponse

from portal.activity.presenters import present_entry
from portal.activity.queries import NEWEST_FIRST
from portal.clients.console.card_shortcuts import client_card_view, render_client_card
from portal.clients.models import Client
from portal.clients.services.timeline import list_timeline_entries
from portal.ui.keyset_pagination import get_page
from portal.ui.pager_links import build_keyset_pager_links
from tenants.staff.request_types import StaffRequest

PAGE_SIZE = 50


@client_card_view("clients.view", allow_erased=True)
def show_timeline(request: StaffRequest, client: Client) -> HttpResponse:
    """Show a page of the timeline, the newest first."""
    page = get_page(list_timeline_entries(client), NEWEST_FIRST, cursor=request.GET.get("cursor", ""), size=PAGE_SIZE)
    context = {"entries": [present_entry(entry) for entry in page.rows], "pager": build_keyset_pager_links(page)}
    return render_client_card(request, client, "console/clients/card/timeline.html", context)
