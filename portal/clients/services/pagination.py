"""The orders and pages of the client list, and its count up to a limit."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import DateTimeField, F, OuterRef, Value
from django.db.models.functions import Coalesce, JSONObject, Left

from portal.clients.models import Client, ClientQuerySet, Contact, Tag
from portal.clients.models.client import SORT_KEY_LENGTH
from portal.ui import keyset_pagination
from portal.ui.keyset_pagination import Keyset, KeysetPage, parse_cursor_instant, parse_cursor_key, parse_cursor_text
from tenants.context import get_current_business

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
class CappedCount:
    """The number of clients in a list; `is_more` if counting stopped at `number`."""

    number: int
    is_more: bool = False


def annotate_addresses_and_tags(clients: ClientQuerySet) -> ClientQuerySet:
    """Annotate each client, in the same statement, with the `addresses` and `labels` (tags) that a row shows."""
    addresses = Contact.objects.filter(client=OuterRef("pk")).order_by("kind", "created_at", "pk")
    tags = Tag.objects.filter(clients=OuterRef("pk"))
    return clients.annotate(
        addresses=ArraySubquery(addresses.values(json=JSONObject(kind="kind", value="value"))),
        labels=ArraySubquery(tags.values(json=JSONObject(name="name", colour="colour"))),
    )


def get_client_page(
    clients: ClientQuerySet, *, sort: str, cursor: str = "", page_size: int = PAGE_SIZE
) -> KeysetPage[Client]:
    """Return the page at an encoded cursor; the first page if the cursor is empty or invalid.

    `sort` is a key of SORT_KEYS, with a leading minus for the reverse order.
    """
    rows, keyset = build_client_keyset(annotate_addresses_and_tags(clients), sort=sort)
    return keyset_pagination.get_page(rows, keyset, cursor=cursor, size=page_size)


def build_client_keyset(clients: ClientQuerySet, *, sort: str) -> tuple[ClientQuerySet, Keyset]:
    """Return clients with the `sort_key` of an order, and the keyset by which their pages are found."""
    name = sort.lstrip("-")
    parse_sort_key = parse_cursor_text if name == "name" else parse_cursor_instant
    keyset = Keyset({"sort_key": parse_sort_key, "pk": parse_cursor_key}, is_descending=sort.startswith("-"))
    return clients.annotate(sort_key=SORT_KEYS[name]), keyset


def count_clients(clients: ClientQuerySet, *, is_unfiltered: bool) -> CappedCount:
    """Count a list up to MAX_COUNT; the unfiltered list is counted in full, once in COUNT_CACHE_SECONDS."""
    number = clients.order_by()[: MAX_COUNT + 1].count()
    if number <= MAX_COUNT:
        return CappedCount(number)
    if not is_unfiltered:
        return CappedCount(MAX_COUNT, is_more=True)
    key = f"{get_current_business().pk}:clients-listed"  # type: ignore[union-attr]
    cached = cache.get_or_set(key, clients.order_by().count, COUNT_CACHE_SECONDS)
    return CappedCount(cached or 0)
