"""Archiving, blocking and restoring a client, with the effect on their access."""

from datetime import datetime

from django.db import transaction

from portal.access.kinds import AccessMessageKind
from portal.access.services.contacts import list_sign_in_identifiers, notify_addresses, revoke_client_access
from portal.clients import services as clients
from portal.clients.models import Client
from tenants.staff.staff_actor import StaffActor


@transaction.atomic
def archive_client(*, client: Client, staff: StaffActor | None = None, now: datetime) -> None:
    """Archive a client, revoke their access and notify their addresses."""
    clients.archive_client(client=client, staff=staff, now=now)
    _revoke_access_and_notify(client, staff=staff, now=now)


@transaction.atomic
def block_client(*, client: Client, staff: StaffActor | None = None, now: datetime) -> None:
    """Block a client, revoke their access and notify their addresses."""
    clients.block_client(client=client, staff=staff, now=now)
    _revoke_access_and_notify(client, staff=staff, now=now)


@transaction.atomic
def restore_client(*, client: Client, staff: StaffActor | None = None, now: datetime) -> None:
    """Restore a client. A session that was opened while they were being archived or blocked ends here."""
    revoke_client_access(client, None, staff=staff, now=now)
    clients.restore_client(client=client, staff=staff, now=now)


def _revoke_access_and_notify(client: Client, *, staff: StaffActor | None, now: datetime) -> None:
    revoke_client_access(client, None, staff=staff, now=now)
    notify_addresses(client, list_sign_in_identifiers(client), AccessMessageKind.ACCESS_ENDED, now=now)
