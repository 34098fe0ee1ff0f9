"""The console page of a business's own websites: which may use the portal, and what to paste into them."""

from dataclasses import dataclass

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.embeds.forms import AllowedWebsitesForm
from portal.embeds.services import FIELDS, change_allowed_websites, load_allowed_websites
from tenants import database_clock
from tenants.hostnames import build_portal_url
from tenants.models import Business
from tenants.nouns import registry
from tenants.nouns.embed_declarations import Embed
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@dataclass(frozen=True)
class EmbedSnippets:
    """A form for other websites, with the addresses that its snippets are made of."""

    key: str
    label: str | Promise
    url: str
    page_url: str
    script_url: str


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


def list_embed_snippets(business: Business) -> list[EmbedSnippets]:
    """Return the forms that a business has for other websites, in order."""
    script_url = build_portal_url(business, reverse("embeds:script", urlconf=settings.PORTAL_URLCONF))
    return [
        EmbedSnippets(
            key=embed.key,
            label=embed.label,
            url=build_portal_url(business, reverse(embed.url_name, urlconf=settings.PORTAL_URLCONF)),
            page_url=build_portal_url(business, reverse(embed.page_url_name, urlconf=settings.PORTAL_URLCONF)),
            script_url=script_url,
        )
        for embed in registry.list_embeds()
        if _is_available(embed, business)
    ]


def _is_available(embed: Embed, business: Business) -> bool:
    return registry.import_dotted_path(embed.is_available)(business)


def _allow_previews(request: StaffRequest, response: HttpResponse) -> HttpResponseBase:
    """Allow this page to show the portal, which is another host, in frames."""
    portal_url = build_portal_url(request.business, "")
    return csp_update({"frame-src": portal_url})(lambda _request: response)(request)
