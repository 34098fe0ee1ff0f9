"""Which tabs does a client's card have, and which of them does this member of staff see?

A noun joins with a Tab of its own, named in the settings; nothing is shown before it works.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from portal.clients.models import Client
from tenants.staff.permissions import has_permission


@dataclass(frozen=True)
class Tab:
    """One tab: `url_name` without its namespace takes the client's key. `count` returns the rows it counts.

    What it counts is there to be looked at, or where it `waits`, wants an answer.
    """

    label: str | Promise
    url_name: str
    permission: str
    position: int = 100
    count: Callable[[Client], QuerySet[Any]] | None = None
    waits: bool = False


@dataclass(frozen=True)
class Shown:
    """A tab as one person sees it on one page of a card."""

    label: str | Promise
    key: str
    url: str
    count: int
    waits: bool
    is_here: bool


def tabs_for(request: HttpRequest, client: Client) -> list[Shown]:
    """Return the tabs that this person may open, in order, with their counts and the one we are on marked."""
    tabs = [
        tab for tab in _load(tuple(settings.CLIENT_CARD_TABS)) if has_permission(request.membership, tab.permission)
    ]
    counts = _counts(tabs, client)
    here = request.resolver_match.url_name if request.resolver_match else ""
    place = {"business": request.slug, "pk": client.pk}
    return [
        Shown(
            label=tab.label,
            key=tab.url_name,
            url=reverse(f"console:{tab.url_name}", kwargs=place),
            count=count,
            waits=tab.waits and bool(count),
            is_here=tab.url_name == here,
        )
        for tab, count in zip(tabs, counts, strict=True)
    ]


def _counts(tabs: Sequence[Tab], client: Client) -> list[int]:
    """Return how many rows each tab holds, in one statement for all of them."""
    asked = {f"tab_{place}": _number_of(tab.count(client)) for place, tab in enumerate(tabs) if tab.count}
    numbers = Client.objects.filter(pk=client.pk).values_list(*asked.values()).first() if asked else None
    found = dict(zip(asked, numbers or (), strict=False))
    return [found.get(f"tab_{place}") or 0 for place in range(len(tabs))]


def _number_of(rows: QuerySet[Any]) -> Subquery:
    """Return a subquery that counts rows; grouped by nothing, so that it is one line."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk")).values("number")
    return Subquery(counted, output_field=IntegerField())


@cache
def _load(paths: tuple[str, ...]) -> list[Tab]:
    return sorted((import_string(path) for path in paths), key=lambda tab: tab.position)
