"""The console's activity page and its CSV export."""

import csv
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.activity import queries, services
from portal.activity.forms import AuditFilterForm
from portal.activity.kinds import ActivityExportEvent
from portal.activity.presenters import PresentedEntry, present_entry
from portal.ui.formula_escaping import escape_formula
from portal.ui.keyset_pagination import get_page
from portal.ui.pager_links import build_keyset_pager_links
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

PAGE_SIZE = 50
FILTERS = ("person", "kind", "client", "since", "until")


@membership_required("activity.view")
def list_activity(request: StaffRequest) -> HttpResponse:
    """List what staff did, fifty entries a page, newest first."""
    form = AuditFilterForm(request.GET, actors=queries.list_staff_actors())
    entries = queries.filter_entries(form.audit_filter)
    page = get_page(entries, queries.NEWEST_FIRST, cursor=request.GET.get("cursor", ""), size=PAGE_SIZE)
    filters = urlencode({name: request.GET[name] for name in FILTERS if request.GET.get(name)})
    context: dict[str, Any] = {
        "form": form,
        "events": [present_entry(entry) for entry in page.rows],
        "filters": filters,
        "empty_text": _explain_empty_list(has_filters=bool(filters), is_first="cursor" not in request.GET),
        "pager": build_keyset_pager_links(page, query_string=filters),
    }
    return render(request, "console/activity/listing.html", context)


@membership_required("activity.export", methods=("POST",), changes_data=False)
def export_activity(request: StaffRequest) -> HttpResponse:
    """Return the entries that the URL's filters leave as a CSV file, and record the export on the timeline."""
    form = AuditFilterForm(request.GET, actors=queries.list_staff_actors())
    entries = queries.filter_entries(form.audit_filter)[: queries.EXPORT_LIMIT]
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="activity-{timezone.localdate():%Y-%m-%d}.csv"'
    write = csv.writer(response).writerow
    write([_("When"), _("Who"), _("From"), _("What"), _("Client"), _("Details"), _("Old value"), _("New value")])
    count = 0
    for entry in entries.iterator(chunk_size=2000):
        write([escape_formula(cell) for cell in _build_csv_row(present_entry(entry))])
        count += 1
    fields = {"count": count, "filters": form.filter_labels, **services.get_actor_fields(request.staff)}
    services.record_event(ActivityExportEvent.EXPORTED, at=database_clock.now(), **fields)
    return response


def _explain_empty_list(*, has_filters: bool, is_first: bool) -> str:
    if has_filters:
        return _("No entries match these filters.")
    return _("No changes yet. Changes by your team appear here.") if is_first else _("No older entries.")


def _build_csv_row(event: PresentedEntry) -> list[str]:
    entry = event.entry
    return [
        timezone.localtime(entry.at).isoformat(sep=" ", timespec="seconds"),
        event.actor,
        entry.ip or "",
        event.title,
        entry.client.name if entry.client else "",
        " · ".join(event.details),
        "; ".join(f"{change.field}: {change.before}" for change in event.changes if change.before),
        "; ".join(f"{change.field}: {change.after}" for change in event.changes if change.after),
    ]
