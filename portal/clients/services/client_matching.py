"""Finding the client to whom some addresses belong.

Forms, uploads and staff all ask here. An exact email address decides, else an exact phone number;
a name never does. Where several cards have the address, none is chosen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact, ContactKind


@dataclass(frozen=True)
class ClientMatch:
    """The one client who matches, or several candidates. Both empty means nobody matches."""

    client: Client | None = None
    candidates: list[Client] = field(default_factory=list)


def match_client(identifiers: Iterable[Identifier]) -> ClientMatch:
    """Return the listed client, archived and blocked ones included, who has these addresses. One statement."""
    wanted = list(identifiers)
    contacts = (
        Contact.objects.filter(value__in={identifier.value for identifier in wanted})
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
