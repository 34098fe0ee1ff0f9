"""The page on which staff add one client by hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.branding.language_selection import list_available_languages
from portal.clients import services
from portal.clients.console.client_rows import ClientRow, build_client_rows
from portal.clients.console.forms import NewClientForm
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("clients.edit", methods=("GET", "POST"))
def create_client(request: StaffRequest) -> HttpResponse:
    """Add a client; show the existing clients instead if one has the same address."""
    form = NewClientForm(
        request.POST or None, country=request.business.country, languages=list_available_languages(request)
    )
    existing = _find_existing_clients(form, request.slug) if form.is_valid() else []
    if form.is_valid() and (not existing or form.cleaned_data["add_anyway"]):
        client = services.add_client(
            name=form.cleaned_data["name"],
            identifiers=form.identifiers,
            language=form.cleaned_data["language"],
            staff=request.staff,
            now=database_clock.now(),
        )
        messages.success(request, _("Added. The client can sign in now. No message was sent."))
        return redirect("console:client", business=request.slug, pk=client.pk)
    status = 409 if existing else 422 if form.errors else 200
    return render(request, "console/clients/new.html", {"form": form, "existing": existing}, status=status)


def _find_existing_clients(form: NewClientForm, slug: str) -> list[ClientRow]:
    """Return the clients who have one of the form's addresses."""
    found = services.find_clients_with_addresses(form.identifiers)
    clients = services.annotate_addresses_and_tags(found).order_by("search")
    return build_client_rows(clients, slug=slug)
