"""How is a client told where the portal is?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access import services as access
from portal.clients import services as clients
from portal.clients.models import Client
from portal.ui import inputs
from tenants.staff.decorators import membership_required

SHOWN, LONGEST = 8, 100


@membership_required("messages.send", methods=("GET", "POST"))
def send(request: HttpRequest) -> HttpResponse:
    """Find a client, and mail them the portal's address."""
    if request.method == "POST":
        return _send(request)
    wanted = inputs.clean_text(request.GET.get("q", ""), max_length=LONGEST)
    context = {"q": wanted, "found": _find(request, wanted) if wanted else None}
    part = "_found.html" if request.htmx else "send.html"
    return render(request, f"console/portal/{part}", context)


def _send(request: HttpRequest) -> HttpResponse:
    client = get_object_or_404(Client.objects.listed(), pk=inputs.parse_uuid(request.POST.get("client", "")))
    only = Client.objects.filter(pk=client.pk)
    invited = access.invite_clients(clients=only, staff=request.staff, now=timezone.now())
    if invited.sent:
        messages.success(request, _("The mail to %(name)s is on its way.") % {"name": client.name})
        return redirect("console:portal", business=request.slug)
    words = _("Nothing was sent: there is no email address to sign in by, or they had this mail within the last day.")
    messages.warning(request, words)
    return redirect("console:portal-send", business=request.slug)


def _find(request: HttpRequest, wanted: str) -> list[Client]:
    """Return clients who may sign in and have what was typed; where there are none, those that are spelled alike."""
    question, country, now = clients.SearchQuery(text=wanted), request.business.country, timezone.now()
    found = list(clients.search_clients(question, country=country, now=now).active().order_by("name", "pk")[:SHOWN])
    found = found or clients.search_similar(question, country=country, now=now)
    return [client for client in found if client.status == Client.Status.ACTIVE][:SHOWN]
