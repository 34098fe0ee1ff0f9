"""Which addresses sign clients in no more once an import is undone that had added or confirmed them, or the clients."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact, ContactKind
from tenants.nouns import registry
from tenants.nouns.platform_events import PlatformEvent

UsableAddresses = Mapping[UUID, set[Identifier]]


@dataclass(frozen=True)
class AddressWithdrawal:
    """The addresses with which a client can sign in no more, and those that are left.

    `was_announced` says whether the client has been told that the import had added an address.
    """

    client: Client
    withdrawn: list[Identifier]
    left: list[Identifier]
    was_announced: bool
    actor_fields: Mapping[str, Any]


def find_usable_addresses(client_ids: Collection[UUID]) -> UsableAddresses:
    """Return the addresses with which each of these clients may sign in."""
    usable: dict[UUID, set[Identifier]] = {key: set() for key in client_ids}
    contacts = Contact.objects.usable_for_sign_in().filter(client__in=client_ids)
    for key, kind, value in contacts.values_list("client_id", "kind", "value"):
        usable[key].add(Identifier(ContactKind(kind), value))
    return usable


def withdraw_addresses(
    clients: Iterable[Client],
    usable_before: UsableAddresses,
    *,
    announced: Collection[UUID],
    actor_fields: Mapping[str, Any],
    now: datetime,
) -> None:
    """Have the other nouns take away what depends on addresses that were usable before, and tell the clients.

    `announced` are the ids of the clients who have been told of what the import had added.
    """
    left = find_usable_addresses(usable_before.keys())
    withdrawals = [
        AddressWithdrawal(client, _sort(withdrawn), _sort(left[client.pk]), client.pk in announced, actor_fields)
        for client in clients
        if (withdrawn := usable_before[client.pk] - left[client.pk])
    ]
    if withdrawals:
        registry.call_event_handlers(PlatformEvent.ADDRESSES_WITHDRAWN, withdrawals=withdrawals, now=now)


def _sort(identifiers: Iterable[Identifier]) -> list[Identifier]:
    return sorted(identifiers, key=lambda identifier: (identifier.kind, identifier.value))
