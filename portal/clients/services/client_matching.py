"""Finding the client to whom some addresses belong.

Forms, uploads and staff all ask here. An exact email address decides, else an exact phone number;
a name never does. Where several cards have the address, none is chosen. Addresses that only a public form
claims count for nothing: anybody could have written them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.clients.identifiers import Identifier
from portal.clients.models import Client, ClientQuerySet, Contact, ContactKind


@dataclass(frozen=True)
class ClientMatch:
    """The one client who matches, or several candidates. Both empty means nobody matches."""

    client: Client | None = None
    candidates: list[Client] = field(default_factory=list)


def match_client(identifiers: Iterable[Identifier]) -> ClientMatch:
    """Return the listed client, archived and blocked ones included, who has these addresses. One statement."""
    wanted = list(identifiers)
    contacts = (
        Contact.objects.confirmed()
        .filter(value__in={identifier.value for identifier in wanted})
        .filter(client__in=Client.objects.exclude_unlisted())
        .select_related("client")
        .order_by("client__created_at", "client_id")
    )
    found = list(contacts) if wanted else []
    for kind in (ContactKind.EMAIL, ContactKind.PHONE):
        values = {identifier.value for identifier in wanted if identifier.kind == kind}
        # Compared again in Python: the database's collation may call different addresses equal.
        hits = {
            contact.client_id: contact.client for contact in found if contact.kind == kind and contact.value in values
        }
        if hits:
            return (
                ClientMatch(client=next(iter(hits.values())))
                if len(hits) == 1
                else ClientMatch(candidates=list(hits.values()))
            )
    return ClientMatch()


def find_clients_with_addresses(identifiers: Iterable[Identifier]) -> ClientQuerySet:
    """Return the listed clients who have any of these addresses."""
    values = {identifier.value for identifier in identifiers}
    holders = Contact.objects.confirmed().filter(value__in=values).values("client")
    return Client.objects.exclude_unlisted().filter(pk__in=holders)


def find_repeated_claim(identifiers: Iterable[Identifier]) -> Client | None:
    """Return the listed client whose card has exactly these addresses, none of them confirmed, or None.

    Such a card was made by the same form, sent before. It tells nobody more than its sender knew.
    """
    claimed = {(identifier.kind, identifier.value, None) for identifier in identifiers}
    values = [value for _kind, value, _confirmed_at in claimed]
    claimants = Contact.objects.filter(value__in=values, confirmed_at=None).values("client")
    found = Client.objects.exclude_unlisted().filter(pk__in=claimants).order_by("created_at", "pk")
    for client in found.prefetch_related("contacts"):
        if claimed == {(contact.kind, contact.value, contact.confirmed_at) for contact in client.contacts.all()}:
            return client
    return None
