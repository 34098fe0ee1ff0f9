"""Adding a client."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.identifiers import Identifier
from portal.clients.kinds import ClientEvent, ClientSource
from portal.clients.models import Client, ContactSource
from portal.clients.services.contacts import create_contacts
from portal.clients.services.possible_duplicates import suggest_duplicates_of
from portal.clients.services.search_text import build_search_text
from tenants.staff.staff_actor import StaffActor

ADDRESS_SOURCES: dict[str, ContactSource] = {
    ClientSource.STAFF: ContactSource.STAFF,
    ClientSource.UPLOAD: ContactSource.UPLOAD,
}


@transaction.atomic
def add_client(
    *,
    name: str,
    identifiers: Iterable[Identifier],
    source: str = ClientSource.STAFF,
    language: str = "",
    time_zone: str = "",
    labels: Mapping[Identifier, str] | None = None,
    custom: dict[str, Any] | None = None,
    staff: StaffActor | None = None,
    now: datetime,
) -> Client:
    """Create a client with the addresses they may sign in by. Duplicates are not looked for: see `match_client`.

    Addresses from a public form stay unconfirmed until another source confirms them. Staff are asked about cards on
    which the same address is, or was, unconfirmed.
    """
    name, identifiers = name.strip(), list(identifiers)
    client = Client.objects.create(
        name=name,
        source=source,
        language=language,
        time_zone=time_zone,
        custom=custom or {},
        search=build_search_text(name, {identifier.value for identifier in identifiers}),
        created_at=now,
        updated_at=now,
    )
    contact_source = ADDRESS_SOURCES.get(source, ContactSource.FORM)
    contacts = create_contacts(client, identifiers, contact_source, labels=labels or {}, now=now)
    suggest_duplicates_of(contacts, source=source, now=now)
    activity.record_event(ClientEvent.ADDED, client=client, at=now, source=source, **_get_actor_fields(source, staff))
    return client


def _get_actor_fields(source: str, staff: StaffActor | None) -> dict[str, Any]:
    if staff or source not in ADDRESS_SOURCES:
        return activity.get_actor_fields(staff)
    return {"actor": Entry.Actor.STAFF}
