"""What becomes of the access by addresses that sign clients in no more since an import was undone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from portal.access.kinds import AccessMessageKind
from portal.access.models import Challenge
from portal.access.services.bulk_messages import bulk_enqueue_messages
from portal.access.services.code_recipients import CHANNEL_BY_KIND
from portal.access.services.sessions import end_sessions
from portal.clients.identifiers import Identifier
from portal.clients.models import ContactKind
from portal.clients.services.sign_in_methods import revoke_sign_in_methods
from portal.clients.uploads.address_withdrawals import AddressWithdrawal
from portal.messaging import services as messaging
from portal.messaging.models import Message


def end_withdrawn_access(*, withdrawals: Iterable[AddressWithdrawal], now: datetime) -> None:
    """Remove the passkeys and end the sessions and open challenges that depend on the addresses; tell the clients."""
    messages = []
    for withdrawal in withdrawals:
        values = [identifier.value for identifier in withdrawal.withdrawn]
        Challenge.objects.filter(address__in=values, closed_at=None).update(closed_at=now)
        devices = _remove_passkeys(withdrawal, values, now=now)
        ended = end_sessions(client=withdrawal.client, addresses=values, now=now, **withdrawal.actor_fields)
        recipients = _list_recipients(withdrawal, was_used=bool(devices or ended))
        messages += [_build_notice(withdrawal, recipient, devices, now=now) for recipient in recipients]
    bulk_enqueue_messages(messages, now=now)


def _remove_passkeys(withdrawal: AddressWithdrawal, values: list[str], *, now: datetime) -> list[str]:
    """Remove what depends on the addresses; return the labels of the devices."""
    fields: dict[str, Any] = {"client": withdrawal.client, "actor_fields": withdrawal.actor_fields, "now": now}
    return [device for value in values for device in revoke_sign_in_methods(address=value, **fields)]


def _list_recipients(withdrawal: AddressWithdrawal, *, was_used: bool) -> list[Identifier]:
    """Return whom to tell: nobody of an address that nobody was told of or used, as a mistaken list may be long.

    A withdrawn mailbox is told if it was used. A number is not, for a text costs money and nobody vouches for it.
    """
    if was_used:
        mailboxes = [each for each in withdrawal.withdrawn if each.kind == ContactKind.EMAIL]
        return [*withdrawal.left, *mailboxes]
    return withdrawal.left if withdrawal.was_announced else []


def _build_notice(
    withdrawal: AddressWithdrawal, recipient: Identifier, devices: list[str], *, now: datetime
) -> Message:
    return messaging.build_message(
        AccessMessageKind.CONTACT_CHANGED,
        channel=CHANNEL_BY_KIND[recipient.kind],
        to=recipient.value,
        client=withdrawal.client,
        language=withdrawal.client.language,
        data={"removed_passkeys": devices} if devices else {},
        now=now,
    )
