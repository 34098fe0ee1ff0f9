"""What happens to sign-ins when a client is archived, blocked or let in again?"""

from datetime import datetime
from typing import Any

from django.db import transaction

from portal.access.services.contacts import end_access, tell, ways_in
from portal.access.services.sessions import end_sessions
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.activity.verbs import Verb
from portal.clients import services as clients
from portal.clients.models import Client
from portal.messaging.models import Kind
from tenants.staff.actor import Staff


@transaction.atomic
def archive_client(*, client: Client, staff: Staff | None = None, now: datetime) -> None:
    """Archive a client: their sign-ins end and their addresses are told."""
    before = client.status
    clients.archive_client(client=client, now=now)
    _shut_out(client, Verb.CLIENT_ARCHIVED, before, staff=staff, now=now)


@transaction.atomic
def block_client(*, client: Client, staff: Staff | None = None, now: datetime) -> None:
    """Keep a client out of the portal: their sign-ins end and their addresses are told."""
    before = client.status
    clients.block_client(client=client)
    _shut_out(client, Verb.CLIENT_BLOCKED, before, staff=staff, now=now)


@transaction.atomic
def restore_client(*, client: Client, staff: Staff | None = None, now: datetime) -> None:
    """Let a client in again, through the door: a session opened at the moment they were shut out ends here."""
    before = client.status
    end_sessions(client=client, now=now, **_who(staff))
    clients.restore_client(client=client)
    _record(client, Verb.CLIENT_RESTORED, before, staff=staff, now=now)


def _shut_out(client: Client, verb: Verb, before: str, *, staff: Staff | None, now: datetime) -> None:
    end_access(client, None, staff=staff, now=now)
    _record(client, verb, before, staff=staff, now=now)
    tell(client, ways_in(client), Kind.ACCESS_ENDED, now=now)


def _record(client: Client, verb: Verb, before: str, *, staff: Staff | None, now: datetime) -> None:
    states = {"before": {"status": before}, "after": {"status": client.status}}
    activity.record(verb, at=now, client=client, **states, **_who(staff))


def _who(staff: Staff | None) -> dict[str, Any]:
    return activity.by(staff) if staff else {"actor": Entry.Actor.STAFF}
