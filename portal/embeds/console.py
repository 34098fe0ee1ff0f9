"""The console page of a business's own websites: which may use the portal, and what to paste into them."""

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.embeds.forms import AllowedWebsitesForm
from portal.embeds.services import FIELDS, change_allowed_websites, load_allowed_websites
from portal.embeds.snippets import list_embed_snippets
from tenants import database_clock
from tenants.hostnames import build_portal_url
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("portal.edit", methods=("GET", "POST"))
def edit_embeds(request: StaffRequest) -> HttpResponseBase:
    """Show what to paste into a website, and save which websites may use the portal."""
    stored = load_allowed_websites()
    form = AllowedWebsitesForm(request.POST or None, initial={name: getattr(stored, name) for name in FIELDS})
    if request.method == "POST" and form.is_valid():
        now = database_clock.now()
        change_allowed_websites(business=request.business, staff=request.staff, now=now, **form.cleaned_data)
        messages.success(request, _("Saved. It takes effect within a minute."))
        return redirect("console:embeds", business=request.slug)
    context = {"form": form, "embeds": list_embed_snippets(request.business)}
    response = render(request, "console/embeds/embeds.html", context, status=422 if form.errors else 200)
    return _allow_previews(request, response)


def _allow_previews(request: StaffRequest, response: HttpResponse) -> HttpResponseBase:
    """Allow this page to show the portal, which is another host, in frames."""
    portal_url = build_portal_url(request.business, "")
    return csp_update({"frame-src": portal_url})(lambda _request: response)(request)
