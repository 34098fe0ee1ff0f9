"""Archiving many clients in a few statements."""

from collections.abc import Sequence
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
    to_archive = Client.objects.filter(pk__in=clients.order_by().values("pk")).exclude(status=ClientStatus.ARCHIVED)
    old_status = {
        client.pk: client.status
        for client in to_archive.select_for_update(of=["self"], no_key=True).only("pk", "status")
    }
    keys = list(old_status)
    Client.objects.filter(pk__in=keys).update(status=ClientStatus.ARCHIVED, archived_at=now, updated_at=now)
    ClientSession.objects.filter(client__in=keys, ended_at=None).update(ended_at=now)
    Challenge.objects.filter(client__in=keys, closed_at=None).update(closed_at=now)
    Entry.objects.bulk_create(
        [_build_archived_entry(key, old_status[key], staff, now) for key in keys], batch_size=BATCH_SIZE
    )
    bulk_enqueue_messages(_build_access_ended_messages(keys, now=now), now=now)
    return len(keys)


def _build_archived_entry(key: UUID, status: str, staff: StaffActor, now: datetime) -> Entry:
    changes: dict[str, Any] = {"before": {"status": status}, "after": {"status": ClientStatus.ARCHIVED}}
    return activity.build_entry(
        ClientEvent.ARCHIVED, client_id=key, at=now, **changes, **activity.get_actor_fields(staff)
    )


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
