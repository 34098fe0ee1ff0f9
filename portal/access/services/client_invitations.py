"""Emailing clients the address of the portal, at most once a day each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from portal.access.kinds import AccessMessageKind
from portal.access.services.bulk_messages import BATCH_SIZE, bulk_enqueue_messages
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, ContactKind
from portal.clients.models.client_contact import MAIN_FIRST
from portal.messaging import services as messaging
from portal.messaging.models import Message
from tenants.models import Channel
from tenants.staff.staff_actor import StaffActor

INVITATION_COOLDOWN = timedelta(days=1)


@dataclass(frozen=True)
class InvitationCounts:
    """How many clients were sent an invitation, and how many were skipped."""

    sent: int
    skipped: int


@transaction.atomic
def invite_clients(*, clients: Iterable[Client], staff: StaffActor, now: datetime) -> InvitationCounts:
    """Enqueue an email with the portal's address to each client.

    Skipped are clients without an email address to sign in with, demo clients, and clients invited within a day.
    """
    # Locked, so that concurrent invitations send one email only; in order, so that no two wait for one another.
    found = Client.objects.filter(pk__in=[client.pk for client in clients]).order_by("pk")
    locked = list(found.select_for_update(of=["self"], no_key=True))
    mailboxes = _find_invitable_mailboxes([client.pk for client in locked], now=now)
    invited = [client for client in locked if client.pk in mailboxes]
    messages = [_build_invitation(client, mailboxes[client.pk], now=now) for client in invited]
    bulk_enqueue_messages(messages, now=now)
    fields = activity.get_actor_fields(staff)
    entries = [activity.build_entry(ClientEvent.INVITED, client=client, at=now, **fields) for client in invited]
    Entry.objects.bulk_create(entries, batch_size=BATCH_SIZE)
    return InvitationCounts(sent=len(invited), skipped=len(locked) - len(invited))


def _find_invitable_mailboxes(client_ids: list[UUID], *, now: datetime) -> dict[UUID, str]:
    """Return the main email address of each client who may be invited."""
    recent_invitations = Message.objects.filter(
        client=OuterRef("client"), kind=AccessMessageKind.INVITATION, created_at__gt=now - INVITATION_COOLDOWN
    )
    contacts = (
        Contact.objects.filter(kind=ContactKind.EMAIL, may_sign_in=True, client__in=client_ids)
        .filter(client__in=Client.objects.exclude_unlisted().active())
        .exclude(Exists(recent_invitations))
        .order_by(*MAIN_FIRST)
        .reverse()
    )
    # The main address comes last, and the last one wins in the dictionary.
    return {contact.client_id: contact.value for contact in contacts}


def _build_invitation(client: Client, mailbox: str, *, now: datetime) -> Message:
    fields: dict[str, Any] = {"client": client, "language": client.language, "now": now}
    return messaging.build_message(AccessMessageKind.INVITATION, channel=Channel.EMAIL, to=mailbox, **fields)
