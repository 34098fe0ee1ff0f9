"""The page with a client's contact data and preferences."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.account.forms import LocalePreferencesForm
from portal.branding.language_selection import list_available_languages
from portal.clients import services as clients
from portal.clients.decorators import client_required
from portal.clients.request_types import ClientRequest
from tenants import database_clock


@require_safe
@client_required
def show_own_details(request: ClientRequest) -> HttpResponse:
    """Show the client's contact data and preferences."""
    client = request.client
    initial = {"language": client.language, "time_zone": client.time_zone}
    return _render_own_details(
        request, LocalePreferencesForm(initial=initial, languages=list_available_languages(request))
    )


@require_POST
@client_required
def save_locale_preferences(request: ClientRequest) -> HttpResponse:
    """Save the client's language and time zone."""
    form = LocalePreferencesForm(request.POST, languages=list_available_languages(request))
    if not form.is_valid():
        return _render_own_details(request, form, status=422)
    clients.change_client_details(client=request.client, now=database_clock.now(), **form.cleaned_data)
    return redirect("account:details")


def _render_own_details(request: ClientRequest, form: LocalePreferencesForm, *, status: int = 200) -> HttpResponse:
    contacts = list(request.client.contacts.order_by("kind", "created_at"))
    return render(request, "portal/account/details.html", {"contacts": contacts, "form": form}, status=status)
