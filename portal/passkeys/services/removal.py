"""Removing a passkey, and keeping passkeys when a client replaces an address."""

from datetime import datetime

from django.db import transaction

from portal.clients.models import Client
from portal.passkeys.kinds import PasskeyEvent, PasskeyMessageKind
from portal.passkeys.models import Passkey
from portal.passkeys.services.notices import record_and_notify


@transaction.atomic
def remove_passkey(*, client: Client, passkey: Passkey, now: datetime) -> None:
    """Remove a passkey, which signs nobody in from now on, and notify the client's mailboxes."""
    deleted, _by_model = Passkey.objects.filter(pk=passkey.pk, client=client).delete()
    if deleted:
        record_and_notify(PasskeyEvent.REMOVED, PasskeyMessageKind.REMOVED, passkey, client=client, now=now)


def keep_passkeys_of_replaced_address(*, client: Client, old: str, new: str, now: datetime) -> None:
    """Let passkeys depend on the address with which a client has replaced another; the session proved both."""
    Passkey.objects.filter(client=client, address=old).update(address=new)
