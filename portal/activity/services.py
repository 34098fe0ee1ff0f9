"""How does something get onto the timeline, and how is the timeline read?"""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from portal.activity.models import Entry
from portal.activity.verbs import Verb
from portal.clients.models import Client
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
        data=data,
    )


def record(verb: Verb, **facts: Any) -> Entry:
    """Add an entry to the timeline, in the transaction of the change it tells of. Facts as for `entry`."""
    new = entry(verb, **facts)
    write_together(new)
    return new


def timeline_for(client: Client) -> QuerySet[Entry]:
    """Return everything that happened to one client, newest first."""
    return Entry.objects.filter(client=client).order_by("-at", "-pk")
