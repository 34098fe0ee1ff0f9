"""What did staff do here: who, when, from where, and what was it before and after?"""

import csv
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.activity import services, staffs
from portal.activity.forms import FilterForm
from portal.activity.models import Entry
from portal.activity.verbs import Verb
from portal.clients.services.cells import inert
from portal.ui.timeline import EventPresenter, present_entry
from tenants.staff.decorators import membership_required

FILTERS = ("person", "kind", "client", "since", "until")


@membership_required("activity.view")
def listing(request: HttpRequest) -> HttpResponse:
    """List what staff did, fifty lines at a time, the newest first."""
    form = FilterForm(request.GET, people=staffs.people())
    found = staffs.lines(form.wanted)
    rows, has_more = staffs.page_before(found, before=_place(request.GET.get("before", "")))
    kept = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    context: dict[str, Any] = {
        "form": form,
        "lines": [present_entry(entry) for entry in rows],
        "is_filtered": bool(kept),
        "is_first": "before" not in request.GET,
        "filters": urlencode(kept),
        "older": urlencode(kept | {"before": _name(rows[-1])}) if has_more else "",
    }
    return render(request, "console/activity/listing.html", context)


@membership_required("activity.export")
def export(request: HttpRequest) -> HttpResponse:
    """Hand the same lines out as a file for spreadsheets; taking a copy is a line of its own."""
    form = FilterForm(request.GET, people=staffs.people())
    found = staffs.lines(form.wanted)[: staffs.EXPORTED]
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="activity-{timezone.localdate():%Y-%m-%d}.csv"'
    write = csv.writer(response).writerow
    write([_("When"), _("Who"), _("From where"), _("What"), _("Client"), _("Details"), _("Old value"), _("New value")])
    count = 0
    for entry in found.iterator(chunk_size=2000):
        write([inert(cell) for cell in _cells(present_entry(entry))])
        count += 1
    facts = {"count": count, "narrowed": form.narrowed}
    services.record(Verb.ACTIVITY_EXPORTED, at=timezone.now(), **facts, **services.by(request.staff))
    return response


def _cells(told: EventPresenter) -> list[str]:
    entry = told.entry
    return [
        timezone.localtime(entry.at).isoformat(sep=" ", timespec="seconds"),
        told.actor,
        entry.ip or "",
        told.title,
        entry.client.name if entry.client else "",
        " · ".join(told.details),
        "; ".join(f"{change.field}: {change.before}" for change in told.changes if change.before),
        "; ".join(f"{change.field}: {change.after}" for change in told.changes if change.after),
    ]


def _name(entry: Entry) -> str:
    """Name a row, so that the next page may begin after it."""
    return f"{entry.at.isoformat()}_{entry.pk}"


def _place(name: str) -> tuple[datetime, UUID] | None:
    """Read a row's name; one that makes no sense is the beginning."""
    at, _underscore, pk = name.partition("_")
    try:
        when, key = datetime.fromisoformat(at), UUID(pk)
        # PostgreSQL takes no zone a day away, and no year before the first.
        return (when.astimezone(UTC), key) if timezone.is_aware(when) else None
    except (ValueError, OverflowError):
        return None
