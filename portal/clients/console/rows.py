"""What does one row of the list show?"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.clients.models import Client


@dataclass(frozen=True)
class Row:
    """A client with the addresses and tags that came along; the first of each kind is shown."""

    client: Client
    emails: list[str]
    phones: list[str]
    tags: list[dict[str, str]]


def rows_of(clients: Iterable[Any]) -> list[Row]:
    """Return the rows for clients that `services.with_rows` made ready."""
    return [Row(client, _values(client, "email"), _values(client, "phone"), client.labels) for client in clients]


def _values(client: Any, kind: str) -> list[str]:
    return [address["value"] for address in client.addresses if address["kind"] == kind]
