"""The console's pages about visits."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from portal.clients.console.card_shortcuts import client_card_view, render_client_card
from portal.clients.models import Client
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest
from tests.tenants.nouns.visits.models import Visit
from tests.tenants.nouns.visits.services import query_client_visits


@membership_required("visits.view")
def list_visits(request: StaffRequest) -> HttpResponse:
    """List all visits."""
    return render(request, "visits/list.html", {"visits": Visit.objects.exclude_demo()})


@membership_required("visits.edit")
def show_visit_rules(request: StaffRequest) -> HttpResponse:
    """Show the rules for visits."""
    return render(request, "visits/list.html", {"visits": []})


@membership_required("fees.view")
def list_fees(request: StaffRequest) -> HttpResponse:
    """List the visits that cost something."""
    return render(request, "visits/list.html", {"visits": Visit.objects.exclude_demo()})


@client_card_view("visits.view")
def list_client_visits(request: StaffRequest, client: Client) -> HttpResponse:
    """List one client's visits."""
    return render_client_card(request, client, "visits/tab.html", {"visits": query_client_visits(client)})


def build_overview_context(request: StaffRequest) -> dict[str, Any]:
    """Return how many visits the card on the Client Portal page counts."""
    return {"visits": Visit.objects.exclude_demo().count()}


def build_home_section(request: StaffRequest, now: datetime) -> dict[str, Any]:
    """Return how many visits the section of the console's home page counts."""
    return {"open": Visit.objects.exclude_demo().filter(is_closed=False).count()}
