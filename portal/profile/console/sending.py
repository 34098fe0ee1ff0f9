"""How is a client told where the portal is?"""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access import services as access
from portal.clients.models import Client
from tenants.staff.door import staff_page

SHOWN = 8


@staff_page("messages.send", methods=("GET", "POST"))
def send(request: HttpRequest) -> HttpResponse:
    """Find a client, and mail them the portal's address."""
    if request.method == "POST":
        return _send(request)
    wanted = request.GET.get("q", "").replace("\0", "").strip()
    context = {"q": wanted, "found": _find(wanted) if wanted else None}
    part = "_found.html" if request.htmx else "send.html"
    return render(request, f"console/portal/{part}", context)


def _send(request: HttpRequest) -> HttpResponse:
    client = get_object_or_404(Client.objects.listed(), pk=_key(request.POST.get("client", "")))
    only = Client.objects.filter(pk=client.pk)
    invited = access.invite_clients(clients=only, staff=request.staff, now=timezone.now())
    if invited.sent:
        messages.success(request, _("The mail to %(name)s is on its way.") % {"name": client.name})
        return redirect("console:portal", business=request.slug)
    words = _("Nothing was sent: there is no email address to sign in by, or they had this mail within the last day.")
    messages.warning(request, words)
    return redirect("console:portal-send", business=request.slug)


def _find(wanted: str) -> list[Client]:
    """Return the clients whose name or address holds every word."""
    found = Client.objects.listed().active().order_by("name", "pk")
    for word in wanted.lower().split():
        found = found.filter(Q(search__contains=word) | Q(name__icontains=word))
    return list(found[:SHOWN])


def _key(text: str) -> str:
    """Return a key as it came, or one that nobody has."""
    return text if len(text) == 36 and text.replace("-", "").isalnum() else "00000000-0000-0000-0000-000000000000"
