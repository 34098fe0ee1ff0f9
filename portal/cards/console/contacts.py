"""The contacts tab, and the actions that add, change, confirm and remove a client's addresses."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.access import services as access
from portal.cards import services
from portal.cards.forms import ClientContactForm
from portal.clients.console.card_shortcuts import client_card_view, redirect_to_client_card, render_client_card
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact, ContactKind, ContactSource
from portal.clients.services import suggestions
from tenants import database_clock
from tenants.staff.request_types import StaffRequest

LIST_TEMPLATE, DETAIL_TEMPLATE = "console/clients/card/contacts.html", "console/clients/card/contact.html"


@client_card_view("clients.view")
def list_contacts(request: StaffRequest, client: Client) -> HttpResponse:
    """Show a client's addresses and open suggestions."""
    return _render_contacts(request, client, _build_contact_form(request, client))


@client_card_view("clients.edit", methods=("POST",))
def add_contact(request: StaffRequest, client: Client) -> HttpResponse:
    """Add an address."""
    form = _build_contact_form(request, client)
    if not form.is_valid():
        return _render_contacts(request, client, form, status=422)
    _change_contact(request, client, form, replaced=None)
    messages.success(request, _("Added. The client’s addresses are notified."))
    _warn_if_shared(request, client, form.cleaned_identifier)
    return redirect_to_client_card(request, client, "client-contacts")


@client_card_view("clients.edit", methods=("GET", "POST"))
def change_contact(request: StaffRequest, client: Client, contact: UUID) -> HttpResponse:
    """Change an address or its label."""
    replaced = get_object_or_404(client.contacts, pk=contact)
    form = _build_contact_form(
        request, client, replaced=replaced, initial={"identifier": replaced.value, "label": replaced.label}
    )
    if form.is_valid():
        return _save_contact(request, client, form, replaced)
    status = 422 if form.errors else 200
    return render_client_card(request, client, DETAIL_TEMPLATE, {"form": form, "contact": replaced}, status=status)


@client_card_view("clients.edit", methods=("POST",))
def remove_contact(request: StaffRequest, client: Client, contact: UUID) -> HttpResponse:
    """Remove an address."""
    found = get_object_or_404(client.contacts, pk=contact)
    access.remove_contact(client=client, contact=found, staff=request.staff, now=database_clock.now())
    messages.success(request, _("Removed. The client was signed out, and the address is notified."))
    return redirect_to_client_card(request, client, "client-contacts")


@client_card_view("clients.edit", methods=("POST",))
def set_sign_in_allowed(request: StaffRequest, client: Client, contact: UUID) -> HttpResponse:
    """Allow signing in with an address, or forbid it."""
    found, allowed = get_object_or_404(client.contacts, pk=contact), request.POST.get("allowed") == "yes"
    access.set_sign_in_allowed(
        client=client, contact=found, allowed=allowed, staff=request.staff, now=database_clock.now()
    )
    text = (
        _("This address can now be used to sign in.")
        if allowed
        else _("This address can no longer be used to sign in. The client was signed out.")
    )
    messages.success(request, text)
    return redirect_to_client_card(request, client, "client-contacts")


@client_card_view("clients.edit", methods=("POST",))
def confirm_contact(request: StaffRequest, client: Client, contact: UUID) -> HttpResponse:
    """Confirm that an address from the contact form is the client's; a number can then receive codes."""
    found = get_object_or_404(client.contacts, pk=contact)
    access.confirm_contact(client=client, contact=found, staff=request.staff, now=database_clock.now())
    text = _("Confirmed. This number can now receive codes.") if found.kind == ContactKind.PHONE else _("Confirmed.")
    messages.success(request, text)
    return redirect_to_client_card(request, client, "client-contacts")


def _build_contact_form(request: StaffRequest, client: Client, **kwargs: Any) -> ClientContactForm:
    return ClientContactForm(request.POST or None, client=client, country=request.business.country, **kwargs)


def _render_contacts(
    request: StaffRequest, client: Client, form: ClientContactForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "contacts": client.contacts.order_by("kind", "created_at"),
        "suggestions": suggestions.query_open_suggestions(client),
        "form": form,
    }
    return render_client_card(request, client, LIST_TEMPLATE, context, status=status)


def _save_contact(request: StaffRequest, client: Client, form: ClientContactForm, replaced: Contact) -> HttpResponse:
    """Replace an address, or change only its label, and say which of the two was done."""
    if form.cleaned_identifier.value == replaced.value:
        label = form.cleaned_data["label"]
        services.change_contact_label(
            client=client, contact=replaced, label=label, staff=request.staff, now=database_clock.now()
        )
        messages.success(request, _("Saved."))
    else:
        _change_contact(request, client, form, replaced=replaced)
        messages.success(request, _("Changed. The client was signed out, and all their addresses are notified."))
        _warn_if_shared(request, client, form.cleaned_identifier)
    return redirect_to_client_card(request, client, "client-contacts")


def _change_contact(
    request: StaffRequest, client: Client, form: ClientContactForm, *, replaced: Contact | None
) -> None:
    access.change_contact(
        client=client,
        old=replaced,
        new=form.cleaned_identifier,
        label=form.cleaned_data["label"],
        source=ContactSource.STAFF,
        staff=request.staff,
        now=database_clock.now(),
    )


def _warn_if_shared(request: StaffRequest, client: Client, identifier: Identifier) -> None:
    """Warn that other clients have this address: a family shares it, or there are two cards of one person."""
    same = Contact.objects.filter(
        kind=identifier.kind, value=identifier.value, client__in=Client.objects.exclude_unlisted()
    )
    names = list(same.exclude(client=client).values_list("client__name", flat=True)[:3])
    if names:
        text = _("%(names)s has the same address. If this is the same person, merge the two cards.")
        messages.warning(request, text % {"names": ", ".join(names)})
