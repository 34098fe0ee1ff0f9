"""The console page that mails the portal's address to a client."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.access import services as access
from portal.clients import services as clients
from portal.clients.models import Client, ClientStatus
from portal.ui import input_cleaning
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

MATCHES_SHOWN, MAX_QUERY_LENGTH = 8, 100


@membership_required("messages.send", methods=("GET", "POST"))
def send_portal_address(request: StaffRequest) -> HttpResponse:
    """Search for a client, or mail them the portal's address."""
    if request.method == "POST":
        return _send_invitation(request)
    query = input_cleaning.clean_text(request.GET.get("q", ""), max_length=MAX_QUERY_LENGTH)
    context = {"q": query, "matches": _find_invitable_clients(request, query) if query else None}
    template = "_matches.html" if request.htmx else "invitation.html"
    return render(request, f"console/domains/{template}", context)


def _send_invitation(request: StaffRequest) -> HttpResponse:
    client = get_object_or_404(
        Client.objects.exclude_unlisted(), pk=input_cleaning.parse_uuid(request.POST.get("client", ""))
    )
    recipients = Client.objects.filter(pk=client.pk)
    result = access.invite_clients(clients=recipients, staff=request.staff, now=database_clock.now())
    if result.sent:
        messages.success(request, _("An email to %(name)s has been sent.") % {"name": client.name})
        return redirect("console:portal", business=request.slug)
    text = _("No email was sent: there is no email address for signing in, or they were already invited today.")
    messages.warning(request, text)
    return redirect("console:portal-invitation", business=request.slug)


def _find_invitable_clients(request: StaffRequest, query: str) -> list[Client]:
    """Return clients who may sign in and match the query; where none matches, those spelled similarly."""
    search_query, country, now = clients.SearchQuery(text=query), request.business.country, database_clock.now()
    matches = list(
        clients.search_clients(search_query, country=country, now=now).active().order_by("name", "pk")[:MATCHES_SHOWN]
    )
    matches = matches or clients.search_similar(search_query, country=country, now=now)
    return [client for client in matches if client.status == ClientStatus.ACTIVE][:MATCHES_SHOWN]
