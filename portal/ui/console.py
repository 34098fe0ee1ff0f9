"""The console's home page and its list of settings."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise

from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients.models import Client
from tenants import outages
from tenants.staff.decorators import membership_required

SIGN_IN_FAILURES = (
    EventType.CHALLENGE_LOCKED,
    EventType.MESSAGE_BOUNCED,
    EventType.MESSAGE_FAILED,
    EventType.MESSAGE_EXPIRED,
)
RECENT_LIMIT = 8
# Steps of sending one message. They are left out here and shown in full by sign-in support.
DELIVERY_STEPS = (
    EventType.CODE_REQUESTED,
    EventType.CODE_RESENT,
    EventType.CODE_SENT,
    EventType.CODE_REJECTED,
    EventType.MESSAGE_ACCEPTED,
    EventType.MESSAGE_DEFERRED,
    EventType.MESSAGE_DELIVERED,
    EventType.MESSAGE_POSTPONED,
    EventType.MESSAGE_UNCLEAR,
)


@membership_required("home.view")
def home(request: HttpRequest) -> HttpResponse:
    """Show outages, the number of clients, how many failed to sign in within 24 hours, and recent activity."""
    now = timezone.now()
    failures = Entry.objects.exclude_demo().filter(
        event_type__in=SIGN_IN_FAILURES, at__gte=now - timedelta(hours=24), client__isnull=False
    )
    context = {
        "clients": Client.objects.exclude_demo().active().count(),
        "clients_with_failures": failures.values("client").distinct().count(),
        "recent_activity": _recent_activity(),
        "outages": outages.list_ongoing(request.business),
        "hour": timezone.localtime(now).hour,
    }
    return render(request, "console/home.html", context)


@membership_required("home.view")
def settings_pages(request: HttpRequest) -> HttpResponse:
    """Link to all pages with settings."""
    return render(request, "console/settings.html")


def _recent_activity() -> list[tuple[Entry, str | Promise]]:
    """Return the newest entries about real clients, each with its label."""
    entries = (
        Entry.objects.exclude_demo()
        .exclude(event_type__in=DELIVERY_STEPS)
        .select_related("client")
        .order_by("-at", "-pk")
    )
    labels = dict(EventType.choices)
    return [(entry, labels.get(entry.event_type, entry.event_type)) for entry in entries[:RECENT_LIMIT]]
