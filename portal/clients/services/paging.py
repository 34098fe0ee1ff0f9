"""Which clients come next, and how many are there? Both without counting or skipping those before."""

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import DateTimeField, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, JSONObject, Left

from portal.clients.models import Client, ClientQuerySet, Contact, Tag
from portal.clients.models.client import SORTED_BY
from tenants.context import current_business

ROWS = 50
# Who searches looks at the first few; fewer rows are there sooner, while they type.
HITS = 25
# Hits are counted up to here; nobody reads on to the thousand-and-first.
COUNTED = 1000
TOTAL_KEPT = 60
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Each order by its key, and what of a client it compares.
ORDERS = {
    "name": Left("search", SORTED_BY),
    "added": F("created_at"),
    "seen": Coalesce("signed_in_at", Value(NEVER, DateTimeField())),
}


@dataclass(frozen=True)
class Place:
    """A row of the list, and whether to go up from it. Without a `pk` it is the list's beginning."""

    goes_up: bool = False
    key: str | datetime = ""
    pk: str = ""


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the places where the pages before and after it begin; empty where there are none."""

    clients: list[Client]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Total:
    """How many clients there are; `is_more` where only that many were counted."""

    number: int
    is_more: bool = False


def with_rows(clients: ClientQuerySet) -> ClientQuerySet:
    """Have each client bring along what a row of the list shows, in the same statement: `addresses` and `labels`."""
    addresses = Contact.objects.filter(client=OuterRef("pk")).order_by("kind", "created_at", "pk")
    tags = Tag.objects.filter(clients=OuterRef("pk"))
    return clients.annotate(
        addresses=ArraySubquery(addresses.values(json=JSONObject(kind="kind", value="value"))),
        labels=ArraySubquery(tags.values(json=JSONObject(name="name", colour="colour"))),
    )


def page_of(clients: ClientQuerySet, *, order: str, place: str = "", rows: int = ROWS) -> Page:
    """Return the page of a list that begins at a place; the first one where the place is empty or makes no sense.

    An order is a key of ORDERS, with a minus to turn it round. A place names a row and whether to go up from it.
    """
    at = _read(place, order)
    # Going up, the list is read backwards from the place, and turned round again at the end.
    backwards = order.startswith("-") != at.goes_up
    clients = clients.annotate(place=ORDERS[order.lstrip("-")])
    if at.pk:
        side = "lt" if backwards else "gt"
        further = Q(**{f"place__{side}": at.key}) | Q(**{f"pk__{side}": at.pk})
        # Said twice, so that the index is entered where the place is.
        clients = clients.filter(Q(**{f"place__{side}e": at.key}) & further)
    sort = [F("place").desc(), F("pk").desc()] if backwards else [F("place").asc(), F("pk").asc()]
    found = list(with_rows(clients).order_by(*sort)[: rows + 1])
    return _page(found[:rows], at, has_more=len(found) > rows)


def total_of(clients: ClientQuerySet, *, is_everybody: bool) -> Total:
    """Count a list as far as COUNTED. Everybody on a long list is counted in full, once a minute."""
    number = clients.order_by()[: COUNTED + 1].count()
    if number <= COUNTED:
        return Total(number)
    if not is_everybody:
        return Total(COUNTED, is_more=True)
    kept = cache.get_or_set(f"{current_business().pk}:clients-listed", clients.order_by().count, TOTAL_KEPT)  # type: ignore[union-attr]
    return Total(kept or 0)


def _page(rows: list[Client], at: Place, *, has_more: bool) -> Page:
    if at.goes_up:
        rows.reverse()
    has_before, has_after = (has_more, True) if at.goes_up else (bool(at.pk), has_more)
    return Page(
        rows,
        before=_write(rows[0], goes_up=True) if rows and has_before else "",
        after=_write(rows[-1], goes_up=False) if rows and has_after else "",
    )


def _write(client: Client, *, goes_up: bool) -> str:
    key = client.place.isoformat() if isinstance(client.place, datetime) else client.place  # type: ignore[attr-defined]
    return base64.urlsafe_b64encode(json.dumps([goes_up, key, str(client.pk)]).encode()).decode().rstrip("=")


def _read(place: str, order: str) -> Place:
    """Read a place as it came back from outside; what makes no sense, or belongs to another order, is the beginning."""
    try:
        goes_up, key, pk = json.loads(base64.urlsafe_b64decode(place + "=" * (-len(place) % 4)))
        if order.lstrip("-") != "name":
            # PostgreSQL takes no zone a day away, and no year before the first.
            key = datetime.fromisoformat(key).astimezone(UTC)
        elif not isinstance(key, str) or "\0" in key:
            return Place()
        return Place(goes_up=bool(goes_up), key=key, pk=str(uuid.UUID(pk)))
    except (ValueError, TypeError, AttributeError, OverflowError):
        return Place()
