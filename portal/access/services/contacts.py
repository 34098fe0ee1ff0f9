"""What happens to sign-ins when a client's addresses change? They end, and everybody concerned is told."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from portal.access.models import Challenge, ClientSession
from portal.access.services.destinations import CHANNEL_BY_KIND
from portal.access.services.sessions import end_sessions
from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients import services as clients
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact
from portal.messaging import services as messaging
from portal.messaging.models import MessageKind
from tenants.models import Queue
from tenants.staff.actor import Staff


@transaction.atomic
def change_contact(
    *,
    client: Client,
    old: Contact | None,
    new: Identifier,
    source: Contact.Source,
    keep: ClientSession | None = None,
    staff: Staff | None = None,
    label: str = "",
    now: datetime,
) -> Contact:
    """Put a new address on a card, in place of an old one if given, and tell both.

    Where none is replaced the others on the card are told: whoever adds an address of
    their own to somebody's card must not be the only one to hear of it.
    Sessions and challenges end, but for the session that made the change, which from now
    on stands on the new address.
    """
    before = contact_identifier(old) if old else None
    told = [before] if before else sign_in_identifiers(client)
    if old:
        clients.remove_contact(contact=old, now=now)
    contact = clients.add_contact(client=client, identifier=new, source=source, label=label, now=now)
    if keep:
        ClientSession.objects.filter(pk=keep.pk).update(
            address=new.value, identifier_kind=new.kind, authenticated_at=now
        )
    revoke_access(client, before, keep=keep, staff=staff, now=now)
    record_contact_change(client, before=before, after=new, keep=keep, staff=staff, now=now)
    notify_addresses(client, [*told, new], MessageKind.CONTACT_CHANGED, now=now, **_masked_values(before, new))
    return contact


@transaction.atomic
def remove_contact(*, client: Client, contact: Contact, staff: Staff, now: datetime) -> None:
    """Take an address off a card, end what was opened by it, and tell it and the others."""
    told, before = [*sign_in_identifiers(client), contact_identifier(contact)], contact_identifier(contact)
    clients.remove_contact(contact=contact, now=now)
    revoke_access(client, before, staff=staff, now=now)
    record_contact_change(client, before=before, staff=staff, now=now)
    notify_addresses(client, told, MessageKind.CONTACT_CHANGED, now=now, **_masked_values(before, None))


@transaction.atomic
def set_sign_in_allowed(*, client: Client, contact: Contact, allowed: bool, staff: Staff, now: datetime) -> None:
    """Let an address on a card open the portal, or no longer; both ways the addresses on the card are told."""
    if contact.may_sign_in == allowed:
        return
    told = [*sign_in_identifiers(client), contact_identifier(contact)]
    contact.may_sign_in = allowed
    contact.save(update_fields=["may_sign_in"])
    revoke_access(client, contact_identifier(contact), staff=staff, now=now)
    _record_contact_flag(client, contact, "may_sign_in", before=not allowed, after=allowed, staff=staff, now=now)
    notify_addresses(
        client, told, MessageKind.CONTACT_CHANGED, now=now, **_masked_values(None, contact_identifier(contact))
    )


@transaction.atomic
def confirm_contact(*, client: Client, contact: Contact, staff: Staff, now: datetime) -> None:
    """Let a mobile that came from a public form receive codes, and tell the addresses on the card."""
    if contact.confirmed_at:
        return
    contact.confirmed_at = now
    contact.save(update_fields=["confirmed_at"])
    _record_contact_flag(client, contact, "confirmed", before=False, after=True, staff=staff, now=now)
    notify_addresses(
        client,
        sign_in_identifiers(client),
        MessageKind.CONTACT_CHANGED,
        now=now,
        **_masked_values(None, contact_identifier(contact)),
    )


def revoke_access(
    client: Client,
    address: Identifier | None,
    *,
    keep: ClientSession | None = None,
    staff: Staff | None = None,
    now: datetime,
) -> None:
    """End a client's sessions and what is under way for them, also where they share the address with others."""
    end_sessions(client=client, keep=keep, now=now, **_actor_fields(keep, staff))
    concerned = Q(client=client)
    if address:
        concerned |= Q(address=address.value)
    Challenge.objects.filter(concerned, closed_at=None).update(closed_at=now)


def sign_in_identifiers(client: Client) -> list[Identifier]:
    """Return the addresses with which a client may sign in."""
    return [contact_identifier(contact) for contact in client.contacts.filter(may_sign_in=True)]


def contact_identifier(contact: Contact) -> Identifier:
    """Return a contact's address in the form that is compared and masked."""
    return Identifier(Contact.Kind(contact.kind), contact.value)


def notify_addresses(client: Client, told: list[Identifier], kind: MessageKind, *, now: datetime, **data: str) -> None:
    """Owe a notice to each of some addresses, once."""
    for identifier in dict.fromkeys(told):
        message = messaging.build_message(
            kind,
            channel=CHANNEL_BY_KIND[identifier.kind],
            to=identifier.value,
            client_id=client.pk,
            language=client.language,
            data=data,
            now=now,
        )
        messaging.enqueue_message(message, queue=Queue.NOTICES, deadline=now + settings.NOTIFICATION_LIFETIME, now=now)


def record_contact_change(
    client: Client,
    *,
    before: Identifier | None = None,
    after: Identifier | None = None,
    keep: ClientSession | None = None,
    staff: Staff | None = None,
    now: datetime,
) -> None:
    """Put a change of addresses on the timeline, with no address in full."""
    facts = {"before": _masked_by_kind(before), "after": _masked_by_kind(after)}
    activity.record(EventType.CONTACT_CHANGED, at=now, client=client, **facts, **_actor_fields(keep, staff))


def _record_contact_flag(
    client: Client, contact: Contact, word: str, *, before: bool, after: bool, staff: Staff, now: datetime
) -> None:
    activity.record(
        EventType.CONTACT_CHANGED,
        at=now,
        client=client,
        contact=contact_identifier(contact).masked,
        before={word: before},
        after={word: after},
        **activity.actor_fields(staff),
    )


def _actor_fields(keep: ClientSession | None, staff: Staff | None) -> dict[str, Any]:
    if staff:
        return activity.actor_fields(staff)
    return {"actor": Entry.Actor.CLIENT if keep else Entry.Actor.STAFF}


def _masked_by_kind(identifier: Identifier | None) -> dict[str, str]:
    return {str(identifier.kind): identifier.masked} if identifier else {}


def _masked_values(before: Identifier | None, after: Identifier | None) -> dict[str, str]:
    return {"old": before.masked if before else "", "new": after.masked if after else ""}
