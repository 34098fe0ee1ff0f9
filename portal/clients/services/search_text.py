"""The text by which a client is found."""

import uuid
from collections.abc import Iterable

from portal.clients.models import Client, Contact
from portal.ui.text_folding import fold_text


def build_search_text(name: str, addresses: Iterable[str]) -> str:
    """Return the search text of a client with this name and these addresses.

    The name comes first: the list is sorted by it.
    """
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
