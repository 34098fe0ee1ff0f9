"""Archiving, blocking, restoring and confirming a client.

To change the status, pages call portal.access.services.client_status_changes, which also ends sessions and codes and
notifies the client.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, ClientStatus
from tenants.staff.staff_actor import StaffActor


def archive_client(*, client: Client, staff: StaffActor | None = None, now: datetime) -> None:
    """Archive a client: off the active list, no sign-in."""
    _set_status(client, ClientStatus.ARCHIVED, ClientEvent.ARCHIVED, staff, now=now, archived_at=now)


def block_client(*, client: Client, staff: StaffActor | None = None, now: datetime) -> None:
    """Block a client: on the list, no sign-in."""
    _set_status(client, ClientStatus.BLOCKED, ClientEvent.BLOCKED, staff, now=now, blocked_at=now)


def restore_client(*, client: Client, staff: StaffActor | None = None, now: datetime) -> None:
    """Make an archived or blocked client active again."""
    _set_status(client, ClientStatus.ACTIVE, ClientEvent.RESTORED, staff, now=now, archived_at=None, blocked_at=None)


@transaction.atomic
def confirm_client(*, client: Client, staff: StaffActor, now: datetime) -> None:
    """Record that staff vouch for a client whose card a public form made; nothing changes for other clients."""
    if client.is_confirmed or not Client.objects.filter(pk=client.pk, confirmed_at=None).update(confirmed_at=now):
        return
    client.confirmed_at = now
    activity.record_event(ClientEvent.CONFIRMED, client=client, at=now, **activity.get_actor_fields(staff))


def _set_status(
    client: Client,
    status: ClientStatus,
    event_type: ClientEvent,
    staff: StaffActor | None,
    *,
    now: datetime,
    **timestamps: Any,
) -> None:
    before, client.status, client.updated_at = client.status, status, now
    for field, value in timestamps.items():
        setattr(client, field, value)
    client.save(update_fields=["status", "updated_at", *timestamps])
    actor = activity.get_actor_fields(staff) if staff else {"actor": Entry.Actor.STAFF}
    activity.record_event(
        event_type, client=client, at=now, before={"status": before}, after={"status": status}, **actor
    )
