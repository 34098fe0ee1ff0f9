"""How is this client reached, and how are addresses added, changed, confirmed and taken off?"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import services as access
from portal.cards import services
from portal.cards.forms import ContactForm
from portal.cards.pages import back, card_page, show
from portal.cards.tabs import Tab
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact
from portal.clients.services import suggestions

PAGE, ONE = "console/clients/card/contacts.html", "console/clients/card/contact.html"
TAB = Tab(gettext_lazy("Contact data"), "client-contacts", "clients.view", 30, suggestions.open_suggestions, waits=True)


@card_page("clients.view")
def contacts(request: HttpRequest, client: Client) -> HttpResponse:
    """Every address on the card, and what waits beside them."""
    return _contacts(request, client, _form(request, client))


@card_page("clients.edit", methods=("POST",))
def add(request: HttpRequest, client: Client) -> HttpResponse:
    """Put one more address on the card."""
    form = _form(request, client)
    if not form.is_valid():
        return _contacts(request, client, form, status=422)
    _put(request, client, form, old=None)
    messages.success(request, _("Added. The addresses on the card are told."))
    _warn_of_others(request, client, form.identity)
    return back(request, client, "client-contacts")


@card_page("clients.edit", methods=("GET", "POST"))
def change(request: HttpRequest, client: Client, contact: UUID) -> HttpResponse:
    """Change an address or what it is called."""
    old = get_object_or_404(client.contacts, pk=contact)
    form = _form(request, client, old=old, initial={"identifier": old.value, "label": old.label})
    if form.is_valid():
        return _changed(request, client, form, old)
    status = 422 if form.errors else 200
    return show(request, client, ONE, {"form": form, "contact": old}, status=status)


@card_page("clients.edit", methods=("POST",))
def remove(request: HttpRequest, client: Client, contact: UUID) -> HttpResponse:
    """Take an address off the card."""
    found = get_object_or_404(client.contacts, pk=contact)
    access.remove_contact(client=client, contact=found, staff=request.staff, now=timezone.now())
    messages.success(request, _("Removed. Sessions have ended, and the address is told."))
    return back(request, client, "client-contacts")


@card_page("clients.edit", methods=("POST",))
def allow(request: HttpRequest, client: Client, contact: UUID) -> HttpResponse:
    """Let an address open the portal, or no longer."""
    found, allowed = get_object_or_404(client.contacts, pk=contact), request.POST.get("allowed") == "yes"
    access.set_sign_in_allowed(client=client, contact=found, allowed=allowed, staff=request.staff, now=timezone.now())
    words = _("It may sign in from now on.") if allowed else _("It can no longer sign in. Sessions have ended.")
    messages.success(request, words)
    return back(request, client, "client-contacts")


@card_page("clients.edit", methods=("POST",))
def confirm(request: HttpRequest, client: Client, contact: UUID) -> HttpResponse:
    """Say that a mobile from a public form is the client's, so that it may receive codes."""
    found = get_object_or_404(client.contacts, pk=contact)
    access.confirm_contact(client=client, contact=found, staff=request.staff, now=timezone.now())
    messages.success(request, _("Confirmed. It can receive codes from now on."))
    return back(request, client, "client-contacts")


def _form(request: HttpRequest, client: Client, **more: Any) -> ContactForm:
    return ContactForm(request.POST or None, client=client, country=request.business.country, **more)


def _contacts(request: HttpRequest, client: Client, form: ContactForm, *, status: int = 200) -> HttpResponse:
    context = {
        "contacts": client.contacts.order_by("kind", "created_at"),
        "suggestions": suggestions.open_suggestions(client),
        "form": form,
    }
    return show(request, client, PAGE, context, status=status)


def _changed(request: HttpRequest, client: Client, form: ContactForm, old: Contact) -> HttpResponse:
    """Write a new address, or only its label, and say which of the two it was."""
    if form.identity.value == old.value:
        label = form.cleaned_data["label"]
        services.relabel(client=client, contact=old, label=label, staff=request.staff, now=timezone.now())
        messages.success(request, _("Saved."))
    else:
        _put(request, client, form, old=old)
        messages.success(request, _("Changed. Sessions have ended, and both the old and the new address are told."))
        _warn_of_others(request, client, form.identity)
    return back(request, client, "client-contacts")


def _put(request: HttpRequest, client: Client, form: ContactForm, *, old: Contact | None) -> None:
    access.change_contact(
        client=client,
        old=old,
        new=form.identity,
        label=form.cleaned_data["label"],
        source=Contact.Source.STAFF,
        staff=request.staff,
        now=timezone.now(),
    )


def _warn_of_others(request: HttpRequest, client: Client, identifier: Identifier) -> None:
    """Say who else has this address: a family shares it, or there are two cards of one person."""
    same = Contact.objects.filter(kind=identifier.kind, value=identifier.value, client__in=Client.objects.listed())
    names = list(same.exclude(client=client).values_list("client__name", flat=True)[:3])
    if names:
        words = _("%(names)s has this address too. If it is the same person, merge the two cards.")
        messages.warning(request, words % {"names": ", ".join(names)})
