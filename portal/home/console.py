"""The console's home page and its list of settings."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise

from portal.activity.models import Entry
from portal.home.greetings import build_greeting
from portal.messaging.outage_notices import build_outage_notices
from tenants import database_clock, delivery_outages
from tenants.models import Membership
from tenants.nouns import page_registry, registry
from tenants.nouns.home_statistics import Statistic
from tenants.staff.decorators import membership_required
from tenants.staff.permissions import has_permission
from tenants.staff.request_types import StaffRequest

RECENT_LIMIT = 8


@membership_required("home.view")
def show_home(request: StaffRequest) -> HttpResponse:
    """Show outages, the numbers and sections that nouns declare, and recent activity."""
    now = database_clock.now()
    context = {
        "statistics": _build_statistics(request.membership, now),
        "sections": _build_sections(request, now),
        "recent_activity": _list_recent_activity(),
        "outage_notices": build_outage_notices(delivery_outages.list_ongoing_outages(request.business)),
        "greeting": build_greeting(request.person.name, hour=timezone.localtime(now).hour),
    }
    return render(request, "console/home.html", context)


@membership_required("home.view")
def list_settings_pages(request: StaffRequest) -> HttpResponse:
    """Link to all pages with settings."""
    return render(request, "console/settings.html")


def _build_statistics(membership: Membership, now: datetime) -> list[Statistic]:
    """Return the numbers that this member of staff may see."""
    declared = (each for each in page_registry.list_home_statistics() if has_permission(membership, each.permission))
    return [registry.import_dotted_path(each.build)(now) for each in declared]


def _build_sections(request: StaffRequest, now: datetime) -> list[tuple[str, Any]]:
    """Return the templates of the sections that this member of staff may see, with what they read."""
    declared = [
        each for each in page_registry.list_home_sections() if has_permission(request.membership, each.permission)
    ]
    built = [(each.template, registry.import_dotted_path(each.build_context)(request, now)) for each in declared]
    return [(template, section) for template, section in built if section is not None]


def _list_recent_activity() -> list[tuple[Entry, str | Promise]]:
    """Return the newest entries about real clients, each with its label."""
    entries = (
        Entry.objects.exclude_demo()
        .exclude(event_type__in=registry.list_routine_event_types())
        .select_related("client")
        .order_by("-at", "-pk")
    )
    labels = registry.get_event_type_labels()
    return [(entry, labels.get(entry.event_type, entry.event_type)) for entry in entries[:RECENT_LIMIT]]
