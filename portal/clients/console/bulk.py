"""What is done to many clients at once, and to which?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from portal.access.services.archiving import archive_clients
from portal.access.services.inviting import invite_clients
from portal.clients import services
from portal.clients.console import asking
from portal.clients.console.choices import filters
from portal.clients.models import Client, ClientQuerySet, CustomField, Tag
from portal.ui import inputs
from tenants.staff.decorators import membership_required

# More than these are not written to in one go.
MOST_TOLD = 1000
LONGEST_TAG = 40


@membership_required("clients.edit", methods=("POST",))
def tag(request: HttpRequest) -> HttpResponse:
    """Put a tag on the chosen, made if there is none of that name, or take it off them."""
    name = " ".join(request.POST.get("name", "").split())
    if not 1 <= len(name) <= LONGEST_TAG or not name.isprintable():
        messages.error(request, _("A tag has 1 to 40 characters."))
        return _back(request)
    deed = services.take_tag if "remove" in request.POST else services.put_tag
    number = deed(clients=chosen(request), name=name, staff=request.staff, now=timezone.now())
    words = ngettext("%(number)s card changed.", "%(number)s cards changed.", number)
    messages.success(request, words % {"number": number})
    return _back(request)


@membership_required("clients.edit", methods=("POST",))
def archive(request: HttpRequest) -> HttpResponse:
    """Archive the chosen, after asking once."""
    if (unsure := _unsure(request, "archive")) is not None:
        return unsure
    number = archive_clients(clients=chosen(request), staff=request.staff, now=timezone.now())
    words = ngettext("%(number)s client archived.", "%(number)s clients archived.", number)
    messages.success(request, words % {"number": number})
    return _back(request)


@membership_required("clients.edit", methods=("POST",))
def invite(request: HttpRequest) -> HttpResponse:
    """Send the chosen the portal's address, after asking once."""
    if (unsure := _unsure(request, "invite")) is not None:
        return unsure
    done = invite_clients(clients=chosen(request).only("pk"), staff=request.staff, now=timezone.now())
    words = ngettext("%(number)s mail is on its way.", "%(number)s mails are on their way.", done.sent)
    messages.success(request, words % {"number": done.sent})
    if done.skipped:
        left_out = ngettext(
            "%(number)s client was left out: no email address to sign in by, or invited within a day.",
            "%(number)s clients were left out: no email address to sign in by, or invited within a day.",
            done.skipped,
        )
        messages.info(request, left_out % {"number": done.skipped})
    return _back(request)


def chosen(request: HttpRequest) -> ClientQuerySet:
    """Return the clients a form speaks of: those ticked, or everybody who fits the question it carries."""
    if request.POST.get("everyone"):
        asked = asking.read(QueryDict(request.POST.get("query", "")), CustomField.objects.all())
        return services.matching(asked.question, country=request.business.country, now=timezone.now())
    return Client.objects.listed().filter(
        pk__in=[key for key in map(inputs.parse_uuid, request.POST.getlist("client")) if key]
    )


def narrowed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return in English words what the list was narrowed to that a form speaks of, for the timeline."""
    if not request.POST.get("everyone"):
        return [(gettext_noop("Chosen"), gettext_noop("by hand"))]
    fields = list(CustomField.objects.all())
    question = asking.read(QueryDict(request.POST.get("query", "")), fields).question
    with translation.override("en"):
        found = filters(question, tags=Tag.objects.all(), fields=fields)
        said = [(str(one.label), str(dict(one.options).get(one.value, one.value))) for one in found if one.value]
    return [(gettext_noop("Search"), question.words), *said] if question.words else said


def _unsure(request: HttpRequest, deed: str) -> HttpResponse | None:
    """Return the page that asks whether somebody is sure, or what is in the way; None where they said so."""
    number = chosen(request).order_by()[: MOST_TOLD + 1].count()
    if number > MOST_TOLD:
        messages.error(request, _("Choose 1,000 clients at most: each of them is written to."))
        return _back(request)
    if not number:
        messages.info(request, _("Nobody was chosen. Tick the clients you mean first."))
        return _back(request)
    if "sure" in request.POST:
        return None
    carried = {"keys": request.POST.getlist("client"), "everyone": request.POST.get("everyone", "")}
    context = {"deed": deed, "number": number, "query": request.POST.get("query", ""), **carried}
    return render(request, "console/clients/sure.html", context)


def _back(request: HttpRequest) -> HttpResponse:
    """Go back to the list as it was."""
    query = asking.read(QueryDict(request.POST.get("query", "")), CustomField.objects.all()).query
    place = reverse("console:clients", kwargs={"business": request.slug})
    return redirect(f"{place}?{query}" if query else place)
