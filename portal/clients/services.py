"""What can be done with a business's clients?"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact


@transaction.atomic
def add_client(
    *,
    name: str,
    identifiers: Iterable[Identifier],
    source: Contact.Source = Contact.Source.STAFF,
    language: str = "",
    now: datetime,
) -> Client:
    """Put a person on the client list with the addresses they may sign in by."""
    client = Client.objects.create(name=name.strip(), language=language, created_at=now)
    for identifier in identifiers:
        add_contact(client=client, identifier=identifier, source=source, now=now)
    return client


def add_contact(*, client: Client, identifier: Identifier, source: Contact.Source, now: datetime) -> Contact:
    """Add an address to a card, or confirm the one that is there.

    A mobile from a public form stays unconfirmed, and receives no codes, until it comes from elsewhere too.
    """
    trusted = source != Contact.Source.FORM or identifier.kind == Contact.Kind.EMAIL
    contact, _created = Contact.objects.get_or_create(
        client=client,
        kind=identifier.kind,
        value=identifier.value,
        defaults={"source": source, "confirmed_at": now if trusted else None, "created_at": now},
    )
    if trusted and contact.confirmed_at is None:
        contact.confirmed_at = now
        contact.save(update_fields=["confirmed_at"])
    return contact


def archive_client(*, client: Client, now: datetime) -> None:
    """Take a client off the active list; they can no longer sign in."""
    client.status, client.archived_at = Client.Status.ARCHIVED, now
    client.save(update_fields=["status", "archived_at"])


def block_client(*, client: Client) -> None:
    """Keep a client on the list but out of the portal."""
    client.status = Client.Status.BLOCKED
    client.save(update_fields=["status"])


def restore_client(*, client: Client) -> None:
    """Let an archived or blocked client in again."""
    client.status, client.archived_at = Client.Status.ACTIVE, None
    client.save(update_fields=["status", "archived_at"])
