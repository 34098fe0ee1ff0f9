"""The timeline tab of a client's card."""

from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from portal.activity.models import Entry
from portal.activity.presenters import present_entry
from portal.clients.console.card_views import client_card_view, render_card
from portal.clients.models import Client
from portal.clients.services.timeline import timeline_for

PAGE_SIZE = 50


@client_card_view("clients.view", allow_erased=True)
def timeline(request: HttpRequest, client: Client) -> HttpResponse:
    """Show a page of the timeline, the newest first; it begins after the entry that the cursor `before` names."""
    entries = _filter_older(timeline_for(client), request.GET.get("before", ""))
    found = list(entries[: PAGE_SIZE + 1])
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    context = {
        "entries": [present_entry(entry) for entry in found[:PAGE_SIZE]],
        "older": f"{last.at.isoformat()}~{last.pk}" if last else "",
        "is_first": not request.GET.get("before"),
    }
    return render_card(request, client, "console/clients/card/timeline.html", context)


def _filter_older(entries: QuerySet[Entry], cursor: str) -> QuerySet[Entry]:
    """Return the entries older than a cursor; all of them for an invalid one."""
    at, _tilde, key = cursor.replace(" ", "+").partition("~")
    try:
        instant, pk = datetime.fromisoformat(at), UUID(key)
        if instant.tzinfo is None:
            return entries
        # PostgreSQL takes no zone a day away, and no year before the first.
        instant = instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return entries
    return entries.filter(Q(at__lt=instant) | Q(at=instant, pk__lt=pk))
