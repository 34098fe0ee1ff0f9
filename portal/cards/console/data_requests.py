"""The pages that export or erase a client's personal data."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cards import exports, services
from portal.cards.forms import EraseForm
from portal.clients.console.card_shortcuts import client_card_view, redirect_to_client_card, render_client_card
from portal.clients.models import Client
from portal.clients.services import list_shared_addresses
from tenants import database_clock
from tenants.nouns.personal_data_policies import ErasureRefused
from tenants.staff.request_types import StaffRequest


@client_card_view("clients.export", methods=("POST",), changes_data=False)
def export_client(request: StaffRequest, client: Client) -> FileResponse:
    """Send everything on file about one client as a zip."""
    now = database_clock.now()
    file = exports.open_export(client=client, business=request.business, staff=request.staff, now=now)
    name = f"client-{client.pk}-{timezone.localdate():%Y-%m-%d}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "no-store"
    return response


@client_card_view("clients.erase", methods=("GET", "POST"))
def erase_client(request: StaffRequest, client: Client) -> HttpResponse:
    """Erase a client, once their name was typed as a confirmation."""
    form = EraseForm(request.POST or None, client=client)
    if form.is_valid() and _try_to_erase(request, client, form):
        messages.success(request, _("Erased."))
        return redirect_to_client_card(request, client)
    context = {
        "form": form,
        "kept_data": services.list_kept_data(),
        "shared_addresses": list_shared_addresses(client.ids_with_merged()),
    }
    status = 422 if form.errors else 200
    return render_client_card(request, client, "console/clients/card/erase.html", context, status=status)


def _try_to_erase(request: StaffRequest, client: Client, form: EraseForm) -> bool:
    """Erase the client, or add the reason why that is not possible now to the form."""
    try:
        services.erase_client(client=client, business=request.business, staff=request.staff, now=database_clock.now())
    except ErasureRefused as refused:
        form.add_error(None, str(refused))
    return not form.errors
