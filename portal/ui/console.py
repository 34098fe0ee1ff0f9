"""The console's home page and its list of settings."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise

from portal.access.kinds import AccessEvent
from portal.activity.models import Entry
from portal.clients.models import Client
from portal.messaging.kinds import MessagingEvent
from tenants import outages
from tenants.nouns import registry
from tenants.staff.decorators import membership_required

SIGN_IN_FAILURES = (
    AccessEvent.CHALLENGE_LOCKED,
    MessagingEvent.BOUNCED,
    MessagingEvent.FAILED,
    MessagingEvent.EXPIRED,
)
RECENT_LIMIT = 8
# Steps of sending one message. They are left out here and shown in full by sign-in support.
DELIVERY_STEPS = (
    AccessEvent.CODE_REQUESTED,
    AccessEvent.CODE_RESENT,
    MessagingEvent.CODE_SENT,
    AccessEvent.CODE_REJECTED,
    MessagingEvent.ACCEPTED,
    MessagingEvent.DEFERRED,
    MessagingEvent.DELIVERED,
    MessagingEvent.POSTPONED,
    MessagingEvent.UNCLEAR,
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
    labels = registry.event_types()
    return [(entry, labels.get(entry.event_type, entry.event_type)) for entry in entries[:RECENT_LIMIT]]
