"""The client list page: search, filters, sorting and pages."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.clients import services
from portal.clients.console.client_rows import build_client_rows
from portal.clients.console.sortable_columns import build_sortable_columns
from portal.clients.list_filters import build_list_filters
from portal.clients.list_query import ListQuery, parse_list_query
from portal.clients.models import Client, CustomField, Tag
from portal.clients.services.pagination import PAGE_SIZE, SEARCH_PAGE_SIZE
from portal.ui.pager_links import build_keyset_pager_links
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("clients.view")
def list_clients(request: StaffRequest) -> HttpResponse:
    """Show the list, or only its changing part for an htmx request."""
    is_partial = bool(request.htmx) and not request.htmx.history_restore_request
    has_custom_filters = any(name.startswith("f-") for name in request.GET)
    fields = list(CustomField.objects.all()) if has_custom_filters or not is_partial else []
    query = parse_list_query(request.GET, fields)
    context = _load_matching_clients(request, query)
    if not is_partial:
        context |= _load_list_controls(request, query, fields)
    page = render(request, "console/clients/_list.html" if is_partial else "console/clients/list.html", context)
    if is_partial:
        page["HX-Push-Url"] = _build_current_url(request, query)
    patch_vary_headers(page, ["HX-Request"])
    return page


def _load_matching_clients(request: StaffRequest, query: ListQuery) -> dict[str, Any]:
    """Return the matching rows and their number, or similar clients where nobody matches."""
    options: dict[str, Any] = {"country": request.business.country, "now": database_clock.now()}
    clients = services.search_clients(query.search, **options)
    page_size = SEARCH_PAGE_SIZE if query.search.text else PAGE_SIZE
    page = services.get_client_page(clients, sort=query.sort, cursor=query.cursor, page_size=page_size)
    is_blank = not page.rows and not query.cursor
    total = services.CappedCount(0) if is_blank else services.count_clients(clients, is_unfiltered=query.is_unfiltered)
    similar = services.search_similar(query.search, **options) if query.search.text and not page.rows else []
    return {
        "list_query": query,
        "page": page,
        "pager": build_keyset_pager_links(page, query_string=query.query_string),
        "rows": build_client_rows(similar or page.rows, slug=request.slug),
        "is_similar": bool(similar),
        "total": total,
        "summary": _summarise(total, has_rows=bool(similar or page.rows), is_similar=bool(similar)),
        "columns": build_sortable_columns(query),
        # An empty list gets other help than a search without hits.
        "is_empty": query.is_unfiltered and not page.rows and not Client.objects.exclude_unlisted().exists(),
    }


def _summarise(total: services.CappedCount, *, has_rows: bool, is_similar: bool) -> str:
    """Return how many clients the list shows, in words."""
    if is_similar:
        return _("No exact match. Similar results:")
    if not has_rows:
        return _("No results")
    shown = {"shown": floatformat(total.number, "0g")}
    if total.is_more:
        return _("More than %(shown)s clients") % shown
    return ngettext("%(shown)s client", "%(shown)s clients", total.number) % shown


def _load_list_controls(request: StaffRequest, query: ListQuery, fields: list[CustomField]) -> dict[str, Any]:
    """Return what surrounds the rows and stays while they change: tags, saved views, filters."""
    tags = list(Tag.objects.all())
    views = list(services.list_visible_views(request.person.pk))
    return {"tags": tags, "views": views, "filters": build_list_filters(query.search, tags=tags, fields=fields)}


def _build_current_url(request: StaffRequest, query: ListQuery) -> str:
    """Return the URL of the list as it is shown now."""
    cursor = f"cursor={query.cursor}" if query.cursor else ""
    query_string = "&".join(part for part in (query.query_string, cursor) if part)
    return reverse("console:clients", kwargs={"business": request.slug}) + (f"?{query_string}" if query_string else "")
