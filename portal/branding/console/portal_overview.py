"""The console's Client Portal page, with the cards that nouns declare for it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from tenants.nouns import page_registry, registry
from tenants.nouns.declarations import PortalOverviewCard
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@dataclass(frozen=True)
class OverviewCardContent:
    """A card of the page with what its template reads as `card`."""

    template: str
    action_template: str
    context: dict[str, Any]


@membership_required("portal.view")
def show_portal_overview(request: StaffRequest) -> HttpResponse:
    """Show the portal's address, the demo client, the current settings, and whatever else nouns declare."""
    cards = [_build_content(request, declared) for declared in page_registry.list_portal_overview_cards()]
    return render(request, "console/branding/overview.html", {"cards": cards})


def _build_content(request: StaffRequest, declared: PortalOverviewCard) -> OverviewCardContent:
    context = registry.import_dotted_path(declared.build_context)(request) if declared.build_context else {}
    return OverviewCardContent(declared.template, declared.action_template, context)
