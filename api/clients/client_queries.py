"""Loads clients with all that the API shows of them, in one statement."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject, Lower

from api.clients.serializers import ContactSerializer
from portal.clients.models import Client, ClientQuerySet, Contact, Tag

CONTACT_COLUMNS = {name: name for name in ContactSerializer().fields}
PLAIN_COLUMNS = (
    *("id", "name", "status", "source", "language", "time_zone", "custom"),
    *("created_at", "updated_at", "signed_in_at"),
)


def annotate_contacts_and_tags(clients: ClientQuerySet) -> ClientQuerySet:
    """Annotate each client, in the same statement, with the `shown_contacts` and `shown_tags` of their card."""
    contacts = Contact.objects.filter(client=OuterRef("pk")).order_by("kind", "created_at", "pk")
    tags = Tag.objects.filter(clients=OuterRef("pk")).order_by(Lower("name"))
    return clients.annotate(
        shown_contacts=ArraySubquery(contacts.values(json=JSONObject(**CONTACT_COLUMNS))),
        shown_tags=ArraySubquery(tags.values(json=JSONObject(id="id", name="name", colour="colour"))),
    )


def present_client(client: Any) -> dict[str, Any]:
    """Return what the API shows of a client that has these annotations."""
    shown = {column: getattr(client, column) for column in PLAIN_COLUMNS}
    return shown | {"contacts": client.shown_contacts, "tags": client.shown_tags}


def find_client(client_id: Any) -> dict[str, Any] | None:
    """Return what the API shows of a listed client, or None if there is none with this id."""
    found = annotate_contacts_and_tags(Client.objects.exclude_unlisted().filter(pk=client_id)).first()
    return present_client(found) if found else None
