"""The console's activity page and its CSV export."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.activity import exports, queries
from portal.activity.forms import AuditFilterForm
from portal.activity.presenters import present_entry
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
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="activity-{timezone.localdate():%Y-%m-%d}.csv"'
    exports.export_entries(response, audit_filter=form.audit_filter, staff=request.staff, now=database_clock.now())
    return response


def _explain_empty_list(*, has_filters: bool, is_first: bool) -> str:
    if has_filters:
        return _("No entries match these filters.")
    return _("No changes yet. Changes by your team appear here.") if is_first else _("No older entries.")
