"""The text by which a client is found."""

import unicodedata
import uuid
from collections.abc import Iterable

from portal.clients.models import Client, Contact

# Letters that don't decompose into a base letter and an accent; case folding handles ß.
LETTER_REPLACEMENTS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
MAX_CACHED_CHARS = 5_000


class _FoldTable(dict[int, str]):
    """Maps each character to itself without accents, computed on first use; a few alphabets are cached."""

    def __missing__(self, char: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(char))
        folded = "".join(LETTER_REPLACEMENTS.get(one, one) for one in decomposed if not unicodedata.combining(one))
        if len(self) < MAX_CACHED_CHARS:
            self[char] = folded
        return folded


FOLD_TABLE = _FoldTable()


def fold_text(text: str) -> str:
    """Return a text in lower case, without accents and with single spaces, for comparisons."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(text.casefold().translate(FOLD_TABLE).split())


def build_search_text(name: str, addresses: Iterable[str]) -> str:
    """Return the search text of a client with this name and these addresses. The name comes first: the list is sorted by it."""
    return " ".join([fold_text(name), *sorted(addresses)])


def update_search_text(client_ids: Iterable[uuid.UUID]) -> None:
    """Rebuild the search text of these clients from their names and contacts, in three statements."""
    clients = {client.pk: client for client in Client.objects.filter(pk__in=list(client_ids)).only("name", "search")}
    addresses: dict[uuid.UUID, list[str]] = {key: [] for key in clients}
    for key, value in Contact.objects.filter(client__in=clients).values_list("client", "value"):
        addresses[key].append(value)
    for key, client in clients.items():
        client.search = build_search_text(client.name, addresses[key])
    Client.objects.bulk_update(clients.values(), ["search"], batch_size=1000)
