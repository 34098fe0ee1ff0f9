"""Who is told by mail where the portal is, because staff asked for it? Only those who may come in, once a day at most."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from portal.access.services.bulk_messages import BATCH_SIZE, bulk_enqueue
from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients.models import Client, Contact
from portal.clients.models.contact import MAIN_FIRST
from portal.messaging import services as messaging
from portal.messaging.models import Message, MessageKind
from tenants.models import Channel
from tenants.staff.actor import Staff

INVITATION_COOLDOWN = timedelta(days=1)


@dataclass(frozen=True)
class InvitationResult:
    """How many clients a notice is on its way to, and how many were left out."""

    sent: int
    skipped: int


@transaction.atomic
def invite_clients(*, clients: Iterable[Client], staff: Staff, now: datetime) -> InvitationResult:
    """Owe each of some clients one mail with the portal's address.

    Left out are those who have no mailbox to sign in by, demo clients, and who had such a mail within a day.
    """
    # Locked, so that two members of staff who press at once don't both write.
    chosen = list(Client.objects.filter(pk__in=[client.pk for client in clients]).select_for_update(of=["self"]))
    ways = _invitable_mailboxes([client.pk for client in chosen], now=now)
    invited = [client for client in chosen if client.pk in ways]
    messages = [_build_message(client, ways[client.pk], now=now) for client in invited]
    bulk_enqueue(messages, now=now)
    facts = activity.actor_fields(staff)
    entries = [activity.build_entry(EventType.CLIENT_INVITED, client=client, at=now, **facts) for client in invited]
    Entry.objects.bulk_create(entries, batch_size=BATCH_SIZE)
    return InvitationResult(sent=len(invited), skipped=len(chosen) - len(invited))


def _invitable_mailboxes(client_ids: list[UUID], *, now: datetime) -> dict[UUID, str]:
    """Return the mailbox of each client who may be invited; of several the main one."""
    recent_invitations = Message.objects.filter(
        client=OuterRef("client"), kind=MessageKind.INVITATION, created_at__gt=now - INVITATION_COOLDOWN
    )
    contacts = (
        Contact.objects.filter(kind=Contact.Kind.EMAIL, may_sign_in=True, client__in=client_ids)
        .filter(client__in=Client.objects.listed().active())
        .exclude(Exists(recent_invitations))
        .order_by(*MAIN_FIRST)
        .reverse()
    )
    # The last one written into the dictionary stays.
    return {contact.client_id: contact.value for contact in contacts}


def _build_message(client: Client, mailbox: str, *, now: datetime) -> Message:
    facts: dict[str, Any] = {"client": client, "language": client.language, "now": now}
    return messaging.build_message(MessageKind.INVITATION, channel=Channel.EMAIL, to=mailbox, **facts)
