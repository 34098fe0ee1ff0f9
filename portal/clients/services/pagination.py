"""Keyset pagination of the client list, and its count up to a limit."""

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
from portal.clients.models.client import SORT_KEY_LENGTH
from tenants.context import current_business

PAGE_SIZE = 50
# A search shows fewer rows, so that they arrive while somebody types.
SEARCH_PAGE_SIZE = 25
# Counting stops here: an exact number of hits is not worth its time.
MAX_COUNT = 1000
COUNT_CACHE_SECONDS = 60
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# The database expression behind each value of `sort`.
SORT_KEYS = {
    "name": Left("search", SORT_KEY_LENGTH),
    "added": F("created_at"),
    "seen": Coalesce("signed_in_at", Value(NEVER, DateTimeField())),
}


@dataclass(frozen=True)
class Cursor:
    """The row where a page starts, and whether the page lies before it. Without a `pk`, the start of the list."""

    is_backwards: bool = False
    key: str | datetime = ""
    pk: str = ""


@dataclass(frozen=True)
class Page:
    """One page of clients, with the encoded cursors of its neighbours; empty where there are none."""

    clients: list[Client]
    previous_cursor: str = ""
    next_cursor: str = ""


@dataclass(frozen=True)
class ClientCount:
    """The number of clients in a list; `is_more` if counting stopped at `number`."""

    number: int
    is_more: bool = False


def annotate_row_data(clients: ClientQuerySet) -> ClientQuerySet:
    """Annotate each client with `addresses` and `labels` (tags), which a row of the list shows, in the same statement."""
    addresses = Contact.objects.filter(client=OuterRef("pk")).order_by("kind", "created_at", "pk")
    tags = Tag.objects.filter(clients=OuterRef("pk"))
    return clients.annotate(
        addresses=ArraySubquery(addresses.values(json=JSONObject(kind="kind", value="value"))),
        labels=ArraySubquery(tags.values(json=JSONObject(name="name", colour="colour"))),
    )


def get_page(clients: ClientQuerySet, *, sort: str, cursor: str = "", page_size: int = PAGE_SIZE) -> Page:
    """Return the page at an encoded cursor; the first page if the cursor is empty or invalid.

    `sort` is a key of SORT_KEYS, with a leading minus for the reverse order.
    """
    start = _decode_cursor(cursor, sort)
    # A page before the cursor is read in reverse order and turned round at the end.
    is_descending = sort.startswith("-") != start.is_backwards
    clients = clients.annotate(sort_key=SORT_KEYS[sort.lstrip("-")])
    if start.pk:
        operator = "lt" if is_descending else "gt"
        beyond = Q(**{f"sort_key__{operator}": start.key}) | Q(**{f"pk__{operator}": start.pk})
        # The first condition is redundant; with it, PostgreSQL starts reading the index at the cursor.
        clients = clients.filter(Q(**{f"sort_key__{operator}e": start.key}) & beyond)
    ordering = [F("sort_key").desc(), F("pk").desc()] if is_descending else [F("sort_key").asc(), F("pk").asc()]
    found = list(annotate_row_data(clients).order_by(*ordering)[: page_size + 1])
    return _build_page(found[:page_size], start, has_more=len(found) > page_size)


def count_clients(clients: ClientQuerySet, *, is_unfiltered: bool) -> ClientCount:
    """Count a list up to MAX_COUNT; the unfiltered list is counted in full, once in COUNT_CACHE_SECONDS."""
    number = clients.order_by()[: MAX_COUNT + 1].count()
    if number <= MAX_COUNT:
        return ClientCount(number)
    if not is_unfiltered:
        return ClientCount(MAX_COUNT, is_more=True)
    cached = cache.get_or_set(f"{current_business().pk}:clients-listed", clients.order_by().count, COUNT_CACHE_SECONDS)  # type: ignore[union-attr]
    return ClientCount(cached or 0)


def _build_page(rows: list[Client], start: Cursor, *, has_more: bool) -> Page:
    if start.is_backwards:
        rows.reverse()
    has_previous, has_next = (has_more, True) if start.is_backwards else (bool(start.pk), has_more)
    return Page(
        rows,
        previous_cursor=_encode_cursor(rows[0], is_backwards=True) if rows and has_previous else "",
        next_cursor=_encode_cursor(rows[-1], is_backwards=False) if rows and has_next else "",
    )


def _encode_cursor(client: Client, *, is_backwards: bool) -> str:
    key = client.sort_key.isoformat() if isinstance(client.sort_key, datetime) else client.sort_key  # type: ignore[attr-defined]
    return base64.urlsafe_b64encode(json.dumps([is_backwards, key, str(client.pk)]).encode()).decode().rstrip("=")


def _decode_cursor(encoded: str, sort: str) -> Cursor:
    """Decode a cursor from a URL; an invalid one, or one of another order, is the start of the list."""
    try:
        is_backwards, key, pk = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
        if sort.lstrip("-") != "name":
            # PostgreSQL refuses offsets of a day or more and years before 1; UTC has neither.
            key = datetime.fromisoformat(key).astimezone(UTC)
        elif not isinstance(key, str) or "\0" in key:
            return Cursor()
        return Cursor(is_backwards=bool(is_backwards), key=key, pk=str(uuid.UUID(pk)))
    except (ValueError, TypeError, AttributeError, OverflowError):
        return Cursor()
