"""Archiving and restoring many clients in a few statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from portal.access.kinds import AccessMessageKind
from portal.access.models import Challenge, ClientSession
from portal.access.services.bulk_messages import BATCH_SIZE, bulk_enqueue_messages
from portal.access.services.code_recipients import CHANNEL_BY_KIND
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, ClientStatus, Contact, ContactKind
from portal.messaging import services as messaging
from portal.messaging.models import Message
from tenants.staff.staff_actor import StaffActor


@transaction.atomic
def archive_clients(*, clients: QuerySet[Client], staff: StaffActor, now: datetime) -> int:
    """Archive clients as `archive_client` does. Returns how many were not archived before."""
    old_status = _lock_listed_clients(clients, excluded_status=ClientStatus.ARCHIVED)
    keys = list(old_status)
    Client.objects.filter(pk__in=keys).update(status=ClientStatus.ARCHIVED, archived_at=now, updated_at=now)
    _revoke_access(keys, now=now)
    _record_status(ClientEvent.ARCHIVED, old_status, ClientStatus.ARCHIVED, staff, now=now)
    bulk_enqueue_messages(_build_access_ended_messages(keys, now=now), now=now)
    return len(keys)


@transaction.atomic
def restore_clients(*, clients: QuerySet[Client], staff: StaffActor, now: datetime) -> int:
    """Restore clients as `restore_client` does. Returns how many were archived or blocked before."""
    old_status = _lock_listed_clients(clients, excluded_status=ClientStatus.ACTIVE)
    keys = list(old_status)
    Client.objects.filter(pk__in=keys).update(
        status=ClientStatus.ACTIVE, archived_at=None, blocked_at=None, updated_at=now
    )
    _revoke_access(keys, now=now)
    _record_status(ClientEvent.RESTORED, old_status, ClientStatus.ACTIVE, staff, now=now)
    return len(keys)


def _lock_listed_clients(clients: QuerySet[Client], *, excluded_status: ClientStatus) -> dict[UUID, str]:
    """Lock the listed ones of the clients, except those of one status; return the status of each by key."""
    # Listed is asked here, once a card is locked: it may have been merged or erased meanwhile.
    listed = Client.objects.exclude_unlisted().filter(pk__in=clients.order_by().values("pk"))
    # In the order of their keys, as everybody locks several clients, so that no two wait for one another.
    ordered = listed.exclude(status=excluded_status).order_by("pk")
    locked = ordered.select_for_update(of=["self"], no_key=True).only("pk", "status")
    return {client.pk: client.status for client in locked}


def _revoke_access(keys: Sequence[UUID], *, now: datetime) -> None:
    """End the sessions and the sign-ins of clients."""
    ClientSession.objects.filter(client__in=keys, ended_at=None).update(ended_at=now)
    Challenge.objects.filter(client__in=keys, closed_at=None).update(closed_at=now)


def _record_status(
    event_type: ClientEvent, old_status: Mapping[UUID, str], status: ClientStatus, staff: StaffActor, *, now: datetime
) -> None:
    """Record the new status of clients in the timeline."""
    fields: dict[str, Any] = {"at": now, "after": {"status": status}, **activity.get_actor_fields(staff)}
    entries = [
        activity.build_entry(event_type, client_id=key, before={"status": before}, **fields)
        for key, before in old_status.items()
    ]
    Entry.objects.bulk_create(entries, batch_size=BATCH_SIZE)


def _build_access_ended_messages(keys: Sequence[UUID], *, now: datetime) -> list[Message]:
    contacts = Contact.objects.exclude_demo().usable_for_sign_in().filter(client__in=keys).select_related("client")
    return [
        messaging.build_message(
            AccessMessageKind.ACCESS_ENDED,
            channel=CHANNEL_BY_KIND[ContactKind(contact.kind)],
            to=contact.value,
            client=contact.client,
            language=contact.client.language,
            now=now,
        )
        for contact in contacts
    ]
