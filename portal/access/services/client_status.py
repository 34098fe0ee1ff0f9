"""What happens to sign-ins when a client is archived, blocked or let in again?"""

from datetime import datetime

from django.db import transaction

from portal.access.services.contacts import notify_addresses, revoke_access, sign_in_identifiers
from portal.clients import services as clients
from portal.clients.models import Client
from portal.messaging.models import MessageKind
from tenants.staff.actor import Staff


@transaction.atomic
def archive_client(*, client: Client, staff: Staff | None = None, now: datetime) -> None:
    """Archive a client: their sign-ins end and their addresses are told."""
    clients.archive_client(client=client, staff=staff, now=now)
    _revoke_access(client, staff=staff, now=now)


@transaction.atomic
def block_client(*, client: Client, staff: Staff | None = None, now: datetime) -> None:
    """Keep a client out of the portal: their sign-ins end and their addresses are told."""
    clients.block_client(client=client, staff=staff, now=now)
    _revoke_access(client, staff=staff, now=now)


@transaction.atomic
def restore_client(*, client: Client, staff: Staff | None = None, now: datetime) -> None:
    """Let a client in again, through the door: a session opened at the moment they were shut out ends here."""
    revoke_access(client, None, staff=staff, now=now)
    clients.restore_client(client=client, staff=staff, now=now)


def _revoke_access(client: Client, *, staff: Staff | None, now: datetime) -> None:
    revoke_access(client, None, staff=staff, now=now)
    notify_addresses(client, sign_in_identifiers(client), MessageKind.ACCESS_ENDED, now=now)
