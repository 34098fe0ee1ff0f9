"""How do staff put somebody on the list, and what if they are there already?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.clients import services
from portal.clients.console.forms import NewClientForm
from portal.clients.console.rows import Row, rows_of
from portal.clients.models import Client
from portal.ui.language import available_languages
from tenants.staff.decorators import membership_required


@membership_required("clients.edit", methods=("GET", "POST"))
def add(request: HttpRequest) -> HttpResponse:
    """Add somebody; who has the address already is shown instead."""
    form = NewClientForm(request.POST or None, country=request.business.country, languages=available_languages(request))
    known = _known(form, request.slug) if form.is_valid() else []
    if form.is_valid() and (not known or form.cleaned_data["anyway"]):
        client = services.add_client(
            name=form.cleaned_data["name"],
            identifiers=form.identifiers,
            language=form.cleaned_data["language"],
            staff=request.staff,
            now=timezone.now(),
        )
        messages.success(request, _("Added. They can sign in from now on; nothing was sent to them."))
        return redirect("console:client", business=request.slug, pk=client.pk)
    status = 409 if known else 422 if form.errors else 200
    return render(request, "console/clients/add.html", {"form": form, "known": known}, status=status)


def _known(form: NewClientForm, slug: str) -> list[Row]:
    """Return whose card has one of these addresses, each looked up for itself."""
    hits = [services.match([identifier]) for identifier in form.identifiers]
    keys = {client.pk for hit in hits for client in ([hit.client] if hit.client else hit.clash)}
    return rows_of(services.with_rows(Client.objects.filter(pk__in=keys)).order_by("search"), slug=slug) if keys else []
