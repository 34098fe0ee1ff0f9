"""How does something get onto the timeline, and how is the timeline read?"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from portal.activity.models import Entry
from portal.activity.verbs import Verb
from portal.clients.models import Client
from tenants.staff.actor import Staff
from tenants.writing import write_together


def entry(
    verb: Verb,
    *,
    at: datetime,
    client: Client | None = None,
    client_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
    actor: Entry.Actor = Entry.Actor.SYSTEM,
    actor_name: str = "",
    actor_id: uuid.UUID | None = None,
    ip: str | None = None,
    **data: Any,
) -> Entry:
    """Return a timeline entry, not yet saved, for callers that write several rows at once."""
    return Entry(
        verb=verb,
        at=at,
        client_id=client.pk if client else client_id,
        subject_id=subject_id,
        actor=actor,
        actor_name=actor_name,
        actor_id=actor_id,
        ip=ip,
        data=data,
    )


def record(verb: Verb, **facts: Any) -> Entry:
    """Add an entry to the timeline, in the transaction of the change it tells of. Facts as for `entry`."""
    new = entry(verb, **facts)
    write_together(new)
    return new


def by(staff: Staff) -> dict[str, Any]:
    """Return the facts that say which member of staff did it, and from where."""
    return {"actor": Entry.Actor.STAFF, "actor_name": staff.name, "actor_id": staff.person_id, "ip": staff.ip}


@contextmanager
def unlocked() -> Iterator[None]:
    """Let lines be moved or removed until the block ends: for erasing and merging people, and for the purge.

    Only within a transaction, which is all that the permission could outlive the block by.
    """
    _lock("on")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _lock("off")


def _lock(erasing: str) -> None:
    assert connection.in_atomic_block, "the timeline is unlocked within a transaction only"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portico.erasing', %s, true)", [erasing])


def timeline_for(client: Client) -> QuerySet[Entry]:
    """Return everything that happened to one client, newest first."""
    return Entry.objects.filter(client=client).order_by("-at", "-pk")
