"""May this client use the portal? Archiving and blocking say no, restoring says yes.

Sessions and codes live only as long as the answer is yes. Ending them at once, and telling the
client, is portal.access.services.contacts, which pages call.
"""

from datetime import datetime
from typing import Any

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients.models import Client
from tenants.staff.actor import Staff


def archive_client(*, client: Client, staff: Staff | None = None, now: datetime) -> None:
    """Take a client off the active list; they can no longer sign in."""
    _set_status(client, Client.Status.ARCHIVED, EventType.CLIENT_ARCHIVED, staff, now=now, archived_at=now)


def block_client(*, client: Client, staff: Staff | None = None, now: datetime) -> None:
    """Keep a client on the list but out of the portal."""
    _set_status(client, Client.Status.BLOCKED, EventType.CLIENT_BLOCKED, staff, now=now, blocked_at=now)


def restore_client(*, client: Client, staff: Staff | None = None, now: datetime) -> None:
    """Let an archived or blocked client in again."""
    _set_status(
        client, Client.Status.ACTIVE, EventType.CLIENT_RESTORED, staff, now=now, archived_at=None, blocked_at=None
    )


def _set_status(
    client: Client,
    status: Client.Status,
    event_type: EventType,
    staff: Staff | None,
    *,
    now: datetime,
    **timestamps: Any,
) -> None:
    before, client.status, client.updated_at = client.status, status, now
    for field, value in timestamps.items():
        setattr(client, field, value)
    client.save(update_fields=["status", "updated_at", *timestamps])
    actor = activity.actor_fields(staff) if staff else {"actor": Entry.Actor.STAFF}
    activity.record(event_type, client=client, at=now, before={"status": before}, after={"status": status}, **actor)
