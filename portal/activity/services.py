"""How does something get onto the timeline, and how is the timeline read?"""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Q, QuerySet

from portal.activity.models import Entry
from portal.activity.verbs import Verb
from portal.clients.models import Client
from tenants.combined_writes import insert_all
from tenants.staff.actor import Staff
from tenants.uuid7 import array_of_fresh_keys

MANY = """
    INSERT INTO {table} (id, verb, at, subject_id, actor, actor_id, actor_name, ip, client_id, data)
    SELECT gen_random_uuid(), %s, %s, %s, %s, %s::uuid, %s, %s::inet, line.client_id, line.data
      FROM unnest(%s::uuid[], %s::jsonb[]) AS line (client_id, data)
"""
ALIKE = """
    INSERT INTO {table} (id, verb, at, subject_id, actor, actor_id, actor_name, ip, data, client_id)
    SELECT key, %s, %s, %s, %s, %s::uuid, %s, %s::inet, %s::jsonb, client_id
      FROM unnest(%s::uuid[], %s::uuid[]) AS line (key, client_id)
"""


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
    insert_all(new)
    return new


def record_many(
    verb: Verb, *, lines: Sequence[tuple[uuid.UUID, dict[str, Any]]], at: datetime, subject_id: uuid.UUID, **facts: Any
) -> None:
    """Add a line for each client at once, `lines` being their keys and data; the other facts are the same for all."""
    base = entry(verb, at=at, subject_id=subject_id, **facts)
    same = base.verb, base.at, base.subject_id, base.actor, base.actor_id, base.actor_name, base.ip
    data = [json.dumps(data, cls=DjangoJSONEncoder) for _key, data in lines]
    with connection.cursor() as cursor:
        cursor.execute(MANY.format(table=connection.ops.quote_name(Entry._meta.db_table)), [*same, _keys(lines), data])


def record_alike(verb: Verb, *, client_ids: str, at: datetime, subject_id: uuid.UUID, **facts: Any) -> None:
    """Add the same line for each of these clients at once, an array of keys as PostgreSQL spells it. Facts as for `entry`."""
    base = entry(verb, at=at, subject_id=subject_id, **facts)
    same = base.verb, base.at, base.subject_id, base.actor, base.actor_id, base.actor_name, base.ip
    data = json.dumps(base.data, cls=DjangoJSONEncoder)
    keys = array_of_fresh_keys(at, size=client_ids.count(",") + 1)
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(Entry._meta.db_table)
        cursor.execute(ALIKE.format(table=table), [*same, data, keys, client_ids])


def _keys(lines: Iterable[tuple[uuid.UUID, Any]]) -> str:
    """Return keys as an array in PostgreSQL's spelling, which is much quicker than having the driver do it."""
    return "{" + ",".join(str(key) for key, _data in lines) + "}"


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
    """Return everything that happened to one client, newest first, also on cards that were merged into this one."""
    cards = Client.objects.filter(Q(pk=client.pk) | Q(merged_into=client)).values("pk")
    return Entry.objects.filter(client__in=cards).order_by("-at", "-pk")
