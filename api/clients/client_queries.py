"""Loads clients with all that the API shows of them, in one statement."""

from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject, Lower
from django.http import Http404

from api.clients.serializers import ContactSerializer
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem
from portal.clients.models import Client, ClientQuerySet, Contact, Tag

CONTACT_COLUMNS = {name: name for name in ContactSerializer().fields}
PLAIN_COLUMNS = (
    *("id", "name", "status", "source", "language", "time_zone", "custom"),
    *("created_at", "updated_at", "signed_in_at"),
)


def annotate_contacts_and_tags(clients: ClientQuerySet) -> ClientQuerySet:
    """Annotate each client, in the same statement, with the `shown_contacts` and `shown_tags` of their card."""
    return clients.annotate(**_build_annotations())


def present_client(client: Any) -> dict[str, Any]:
    """Return what the API shows of a client that has these annotations."""
    shown = {column: getattr(client, column) for column in PLAIN_COLUMNS}
    return shown | {"contacts": [_present_contact(each) for each in client.shown_contacts], "tags": client.shown_tags}


def show_client(client_id: UUID) -> dict[str, Any]:
    """Return what the API shows of a client. Raises as `get_client` does."""
    found = annotate_contacts_and_tags(Client.objects.exclude_unlisted().filter(pk=client_id)).first()
    return present_client(found or get_client(client_id))


def get_client(client_id: UUID, *, lock: bool = False) -> Client:
    """Return a listed client; `lock` locks the row until the transaction ends.

    Raises Http404, or ApiProblem with the survivor of one that was merged.
    """
    clients = Client.objects.exclude_demo().filter(pk=client_id, erased_at=None)
    client = (clients.select_for_update(no_key=True) if lock else clients).first()
    if client is None:
        raise Http404
    if client.merged_into_id:
        text = f"This client was merged with another one, whose id is {client.merged_into_id}."
        raise ApiProblem(ErrorCode.NOT_FOUND, detail=text, members={"merged_into": str(client.merged_into_id)})
    return client


def _present_contact(contact: dict[str, Any]) -> dict[str, Any]:
    """Return a contact with its instant as the API writes all of them; PostgreSQL's JSON has it in UTC, but no `Z`."""
    confirmed_at = contact["confirmed_at"]
    return contact | {"confirmed_at": confirmed_at and confirmed_at.replace("+00:00", "Z")}


@cache
def _build_annotations() -> dict[str, ArraySubquery]:
    """Return the subqueries, which take longer to build than to copy."""
    contacts = Contact.objects.filter(client=OuterRef("pk")).order_by("kind", "created_at", "pk")
    tags = Tag.objects.filter(clients=OuterRef("pk")).order_by(Lower("name"))
    return {
        "shown_contacts": ArraySubquery(contacts.values(json=JSONObject(**CONTACT_COLUMNS))),
        "shown_tags": ArraySubquery(tags.values(json=JSONObject(id="id", name="name", colour="colour"))),
    }
