"""Removing a passkey, and those that depended on an address that was taken off a card."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.access import services as access
from portal.access.models import ClientSession, PortalSession
from portal.activity import services as activity
from portal.clients.models import Client
from portal.passkeys.kinds import PasskeyEvent, PasskeyMessageKind, RemovalReason
from portal.passkeys.models import Passkey
from portal.passkeys.services.notices import record_and_notify
from tenants.staff.staff_actor import StaffActor


@transaction.atomic
def remove_passkey(
    *,
    client: Client,
    passkey: Passkey,
    current_session: PortalSession | None = None,
    staff: StaffActor | None = None,
    now: datetime,
) -> None:
    """Remove a passkey, which signs nobody in from now on, end the sessions it opened, and notify the client.

    `staff` if they do it. `current_session` is that of a client who does it themselves: it goes on. Raises
    Passkey.DoesNotExist.
    """
    deleted, _by_model = Passkey.objects.filter(pk=passkey.pk, client=client).delete()
    if not deleted:
        raise Passkey.DoesNotExist
    # After the deletion, which waits for whoever is just signing in with the passkey.
    access.end_sessions(
        client=client,
        current_session=current_session,
        passkey_id=passkey.pk,
        now=now,
        **activity.get_actor_fields(staff),
    )
    record_and_notify(PasskeyEvent.REMOVED, PasskeyMessageKind.REMOVED, passkey, client=client, staff=staff, now=now)


def remove_passkeys_of_address(
    *,
    client: Client,
    address: str,
    replacement: str,
    current_session: PortalSession | None,
    actor_fields: Mapping[str, Any],
    now: datetime,
) -> list[str]:
    """Remove the passkeys that depend on an address that was taken off a card; return the labels of their devices.

    Whoever got into the mailbox may have added one. When a client replaces an address themselves, all go but the one
    that opened `current_session`: nobody knows who added the others. That one depends on `replacement` from now on.
    The caller ends the sessions and notifies the client.
    """
    passkeys = Passkey.objects.filter(client=client)
    kept_id = current_session.passkey_id if isinstance(current_session, ClientSession) else None
    if kept_id:
        passkeys.filter(pk=kept_id, address=address).update(address=replacement)
        passkeys = passkeys.exclude(pk=kept_id)
    if not current_session:
        passkeys = passkeys.filter(address=address)
    # Locked, so that one that its client or staff are just removing is not recorded twice.
    removed = list(passkeys.order_by("created_at", "pk").select_for_update(no_key=True))
    if removed:
        passkeys.delete()
    for passkey in removed:
        _record_removal(passkey, actor_fields, now=now)
    return [passkey.device for passkey in removed]


def _record_removal(passkey: Passkey, actor_fields: Mapping[str, Any], *, now: datetime) -> None:
    activity.record_event(
        PasskeyEvent.REMOVED,
        at=now,
        client_id=passkey.client_id,
        subject_id=passkey.pk,
        device=passkey.device,
        reason=RemovalReason.ADDRESS_REMOVED.value,
        **actor_fields,
    )
