"""What happened to this client, the newest first?"""

from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.cards.pages import card_page, show
from portal.cards.tabs import Tab
from portal.clients.models import Client
from portal.ui.timeline import present_entry

PER_PAGE = 50
TAB = Tab(_("Timeline"), "client-timeline", "clients.view", 20)


@card_page("clients.view", of_erased=True)
def timeline(request: HttpRequest, client: Client) -> HttpResponse:
    """Everything that happened, a page at a time; a page begins below the line that `before` names."""
    entries = _below(activity.timeline_for(client), request.GET.get("before", ""))
    found = list(entries[: PER_PAGE + 1])
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    context = {
        "lines": [present_entry(entry) for entry in found[:PER_PAGE]],
        "older": f"{last.at.isoformat()}~{last.pk}" if last else "",
        "is_first": not request.GET.get("before"),
    }
    return show(request, client, "console/clients/card/timeline.html", context)


def _below(entries: QuerySet[Entry], mark: str) -> QuerySet[Entry]:
    """Return the lines older than a mark; all of them for one that nobody made."""
    at, _tilde, key = mark.replace(" ", "+").partition("~")
    try:
        instant, pk = datetime.fromisoformat(at), UUID(key)
        if instant.tzinfo is None:
            return entries
        # PostgreSQL takes no zone a day away, and no year before the first.
        instant = instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return entries
    return entries.filter(Q(at__lt=instant) | Q(at=instant, pk__lt=pk))
