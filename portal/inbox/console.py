"""Who wrote to us, and what do we answer?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from portal.cards.pages import card_page, show
from portal.clients.models import Client
from portal.messaging.conversations import services
from portal.messaging.conversations.forms import LineForm
from portal.messaging.conversations.pages import mark_of, stretch
from portal.messaging.conversations.paging import page_below
from portal.messaging.conversations.services import LineRefused
from portal.messaging.models import Line
from portal.ui import inputs
from tenants.staff.decorators import membership_required
from tenants.staff.permissions import has_permission

SHOWN = 25
LONGEST_SEARCH = 100
NOTHING_NEW = 204


@membership_required("messages.view")
def inbox(request: HttpRequest) -> HttpResponse:
    """List the conversations, those that wait first."""
    search = inputs.clean_text(request.GET.get("search", ""), max_length=LONGEST_SEARCH)
    whose = "mine" if request.GET.get("whose") == "mine" else "all"
    person_id = request.person.pk if whose == "mine" else None
    place = request.GET.get("before", "")
    lines, earlier = page_below(services.inbox(search=search, person_id=person_id), place, rows=SHOWN)
    context = {"lines": lines, "earlier": earlier, "is_first": not place, "asked": {"search": search, "whose": whose}}
    return render(request, "console/messages/inbox.html", context)


@card_page("messages.view")
def thread(request: HttpRequest, client: Client) -> HttpResponse:
    """Show one conversation, as a tab of the client's card. For those who may answer it, that is reading it."""
    page = _thread(request, client, LineForm())
    _mark_seen(request, client)
    return page


@card_page("messages.view")
def live(request: HttpRequest, client: Client) -> HttpResponse:
    """Hand out the latest lines if there is anything that the open page, by its mark, hasn't seen."""
    if request.GET.get("seen") == mark_of(client, Line.Side.STAFF):
        return HttpResponse(status=NOTHING_NEW)
    part = render(request, "console/messages/_lines.html", {"client": client, **_talk(request, client)})
    _mark_seen(request, client)
    return part


@card_page("messages.send", methods=("POST",))
def write(request: HttpRequest, client: Client) -> HttpResponse:
    """Answer a client."""
    form = LineForm(request.POST)
    try:
        services.write(client=client, body=request.POST.get("body", ""), staff=request.staff, now=timezone.now())
    except LineRefused as refusal:
        form.add_error("body", str(refusal))
        return _thread(request, client, form, status=422)
    return redirect(reverse("console:thread", kwargs={"business": request.slug, "pk": client.pk}) + "#write")


def _thread(request: HttpRequest, client: Client, form: LineForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "mailbox": services.mailbox(client), **_talk(request, client)}
    return show(request, client, "console/messages/thread.html", context, status=status)


def _talk(request: HttpRequest, client: Client) -> dict[str, Any]:
    # The mark comes first: a line that arrives in between is then shown twice rather than never.
    mark = mark_of(client, Line.Side.STAFF)
    return {"mark": mark, "talk": stretch(client, request.GET.get("before", ""))}


def _mark_seen(request: HttpRequest, client: Client) -> None:
    if request.method == "GET" and has_permission(request.membership, "messages.send"):
        services.mark_seen(client=client, person_id=request.person.pk, now=timezone.now())
