"""The tabs of a client's card that a member of staff sees, with their counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils.functional import Promise

from portal.clients.models import Client
from tenants.nouns import page_registry, registry
from tenants.nouns.declarations import CardTab
from tenants.staff.permissions import has_permission
from tenants.staff.request_types import StaffRequest


@dataclass(frozen=True)
class RenderedTab:
    """A tab as one member of staff sees it on one page of a card."""

    label: str | Promise
    key: str
    url: str
    count: int
    needs_attention: bool
    is_current: bool


def build_card_tabs(request: StaffRequest, client: Client) -> list[RenderedTab]:
    """Return the tabs that this member of staff may open, in order, with their counts."""
    tabs = [tab for tab in page_registry.list_card_tabs() if has_permission(request.membership, tab.permission)]
    counts = _count_tab_rows(tabs, client)
    current = request.resolver_match.url_name if request.resolver_match else ""
    kwargs = {"business": request.slug, "pk": client.pk}
    return [
        RenderedTab(
            label=tab.label,
            key=tab.url_name,
            url=reverse(f"console:{tab.url_name}", kwargs=kwargs),
            count=count,
            needs_attention=tab.needs_attention and bool(count),
            is_current=tab.url_name == current,
        )
        for tab, count in zip(tabs, counts, strict=True)
    ]


def _count_tab_rows(tabs: Sequence[CardTab], client: Client) -> list[int]:
    """Return the number of rows of each tab, in one statement for all of them."""
    subqueries = {
        index: _build_count_subquery(registry.import_dotted_path(tab.count)(client))
        for index, tab in enumerate(tabs)
        if tab.count
    }
    numbers = Client.objects.filter(pk=client.pk).values_list(*subqueries.values()).first() if subqueries else None
    counts = dict(zip(subqueries, numbers or (), strict=False))
    return [counts.get(index) or 0 for index in range(len(tabs))]


def _build_count_subquery(rows: QuerySet[Any]) -> Subquery:
    """Return a subquery that counts rows; grouped by a constant, so that it returns one row."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk")).values("number")
    return Subquery(counted, output_field=IntegerField())
