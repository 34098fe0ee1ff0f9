"""Adding and removing contacts of a client.

What such a change means for sign-ins, who is notified and the timeline entry are in
portal.access.services.contacts, which pages call.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact, ContactSource
from portal.clients.services.possible_duplicates import suggest_duplicates_of
from portal.clients.services.search_text import build_search_text
from tenants.deleted_rows import delete_row


@transaction.atomic
def add_contact(
    *,
    client: Client,
    identifier: Identifier,
    source: ContactSource,
    label: str = "",
    replaced: Contact | None = None,
    now: datetime,
) -> Contact:
    """Add an address to a card, in the place of another one if given, or confirm it if the card has it already.

    An address from a public form stays unconfirmed until another source confirms it: see `Contact`.
    """
    if replaced:
        delete_row(replaced)
    contact = create_or_confirm_contact(client, identifier, source, label=label, now=now)
    suggest_duplicates_of([contact], source=source, now=now)
    _touch_client(client, now=now)
    return contact


@transaction.atomic
def remove_contact(*, contact: Contact, now: datetime) -> None:
    """Remove an address from its card. Raises Contact.DoesNotExist."""
    delete_row(contact)
    _touch_client(contact.client, now=now)


def query_form_addresses(one: Client, other: Client) -> QuerySet[Contact]:
    """Return the addresses from forms with which one of two clients may sign in and the other can't."""
    keys = (one.pk, other.pk)
    shared = Contact.objects.usable_for_sign_in().filter(client__in=keys, value=OuterRef("value"))
    from_forms = Contact.objects.filter(client__in=keys, source=ContactSource.FORM, may_sign_in=True)
    unshared = from_forms.filter(~Exists(shared.exclude(client=OuterRef("client"))))
    return unshared.order_by("kind", "value")


def create_contacts(
    client: Client,
    identifiers: Iterable[Identifier],
    source: ContactSource,
    *,
    labels: Mapping[Identifier, str],
    now: datetime,
) -> list[Contact]:
    """Put the addresses of a new client on their card, in one statement. The search text is left to the caller."""
    return Contact.objects.bulk_create(
        Contact(
            client=client,
            kind=identifier.kind,
            value=identifier.value,
            label=labels.get(identifier, ""),
            source=source,
            confirmed_at=now if source != ContactSource.FORM else None,
            created_at=now,
        )
        for identifier in dict.fromkeys(identifiers)
    )


def create_or_confirm_contact(
    client: Client, identifier: Identifier, source: ContactSource, *, label: str = "", now: datetime
) -> Contact:
    """Do what `add_contact` does, but leave the client's search text to the caller."""
    trusted = source != ContactSource.FORM
    contact, _created = Contact.objects.get_or_create(
        client=client,
        kind=identifier.kind,
        value=identifier.value,
        defaults={"source": source, "label": label, "confirmed_at": now if trusted else None, "created_at": now},
    )
    if trusted and contact.confirmed_at is None:
        contact.confirmed_at = now
        contact.save(update_fields=["confirmed_at"])
    return contact


def _touch_client(client: Client, *, now: datetime) -> None:
    addresses = ArraySubquery(Contact.objects.filter(client=OuterRef("pk")).values("value"))
    found = Client.objects.filter(pk=client.pk)
    for name, values in found.values_list("name", addresses):
        found.update(updated_at=now, search=build_search_text(name, values))
