"""Changing a client's addresses: it ends their sessions and notifies all old and new addresses."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from portal.access.kinds import AccessMessageKind
from portal.access.models import Challenge, ClientSession, PortalSession
from portal.access.services.code_recipients import CHANNEL_BY_KIND
from portal.access.services.sessions import end_sessions
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients import services as clients
from portal.clients.identifiers import Identifier
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, ContactKind, ContactSource
from portal.clients.services.sign_in_methods import revoke_sign_in_methods
from portal.messaging import services as messaging
from tenants.staff.staff_actor import StaffActor


@transaction.atomic
def change_contact(
    *,
    client: Client,
    old: Contact | None,
    new: Identifier,
    source: ContactSource,
    current_session: PortalSession | None = None,
    staff: StaffActor | None = None,
    label: str = "",
    client_is_locked: bool = False,
    now: datetime,
) -> Contact:
    """Add an address to a card, replacing an old one if given, and notify both.

    The other addresses on the card are notified as well, so that nobody can add their own address to somebody's
    card unnoticed. Sessions and challenges end, except `current_session`, which continues with the new address. With
    an address go the passkeys that depend on it, if its client replaces it all of theirs but that of the session. What
    a client replaces is of the same kind; an old address of another kind stays. `client_is_locked` says that the
    caller has locked the client's row in this transaction.
    """
    _lock_client(client, client_is_locked=client_is_locked)
    if current_session and old and old.kind != new.kind:
        old = None
    before = get_contact_identifier(old) if old else None
    recipients = [*list_sign_in_identifiers(client), *_list_notifiable_identifiers(old)]
    contact = clients.add_contact(client=client, identifier=new, source=source, label=label, replaced=old, now=now)
    if staff:
        clients.confirm_client(client=client, staff=staff, now=now)
    if current_session:
        ClientSession.objects.filter(pk=current_session.pk).update(
            address=new.value, identifier_kind=new.kind, authenticated_at=now
        )
    removed = _revoke_address(
        client, before, replacement=new.value, current_session=current_session, staff=staff, now=now
    )
    revoke_client_access(client, before, current_session=current_session, staff=staff, now=now)
    record_contact_change(client, before=before, after=new, current_session=current_session, staff=staff, now=now)
    notify_addresses(
        client, [*recipients, new], AccessMessageKind.CONTACT_CHANGED, now=now, **_mask_values(before, new), **removed
    )
    return contact


@transaction.atomic
def remove_contact(
    *, client: Client, contact: Contact, staff: StaffActor, client_is_locked: bool = False, now: datetime
) -> None:
    """Remove an address from a card with its passkeys, revoke access, and notify it and the other addresses.

    `client_is_locked` says that the caller has locked the client's row in this transaction.
    """
    _lock_client(client, client_is_locked=client_is_locked)
    recipients = [*list_sign_in_identifiers(client), *_list_notifiable_identifiers(contact)]
    before = get_contact_identifier(contact)
    clients.remove_contact(contact=contact, now=now)
    removed = _revoke_address(client, before, staff=staff, now=now)
    revoke_client_access(client, before, staff=staff, now=now)
    record_contact_change(client, before=before, staff=staff, now=now)
    masked = _mask_values(before, None)
    notify_addresses(client, recipients, AccessMessageKind.CONTACT_CHANGED, now=now, **masked, **removed)


@transaction.atomic
def set_sign_in_allowed(
    *, client: Client, contact: Contact, allowed: bool, staff: StaffActor, client_is_locked: bool = False, now: datetime
) -> None:
    """Allow or disallow signing in with an address, then without its passkeys; notify the addresses on the card.

    `client_is_locked` says that the caller has locked the client's row in this transaction.
    """
    _lock_client(client, client_is_locked=client_is_locked)
    recipients = [*list_sign_in_identifiers(client), *_list_notifiable_identifiers(contact)]
    contact.may_sign_in = allowed
    if not Contact.objects.filter(pk=contact.pk).exclude(may_sign_in=allowed).update(may_sign_in=allowed):
        return
    address = get_contact_identifier(contact)
    removed = {} if allowed else _revoke_address(client, address, staff=staff, now=now)
    revoke_client_access(client, address, staff=staff, now=now)
    _record_contact_flag(client, contact, "may_sign_in", before=not allowed, after=allowed, staff=staff, now=now)
    masked = _mask_values(None, address)
    notify_addresses(client, recipients, AccessMessageKind.CONTACT_CHANGED, now=now, **masked, **removed)


@transaction.atomic
def confirm_contact(
    *, client: Client, contact: Contact, staff: StaffActor, client_is_locked: bool = False, now: datetime
) -> None:
    """Confirm an address from a public form, and its client: it decides matches, and a number receives codes.

    Notifies the card. `client_is_locked` says that the caller has locked the client's row in this transaction.
    """
    _lock_client(client, client_is_locked=client_is_locked)
    if contact.confirmed_at:
        return
    contact.confirmed_at = now
    contact.save(update_fields=["confirmed_at"])
    clients.confirm_client(client=client, staff=staff, now=now)
    _record_contact_flag(client, contact, "confirmed", before=False, after=True, staff=staff, now=now)
    notify_addresses(
        client,
        list_sign_in_identifiers(client),
        AccessMessageKind.CONTACT_CHANGED,
        now=now,
        **_mask_values(None, get_contact_identifier(contact)),
    )


def confirm_own_address(*, client: Client, address: str, now: datetime) -> None:
    """Confirm the address to which a code was sent that its owner entered; it was able to sign in before."""
    for contact in client.contacts.filter(value=address, confirmed_at=None):
        contact.confirmed_at = now
        contact.save(update_fields=["confirmed_at"])
        _record_contact_flag(client, contact, "confirmed", before=False, after=True, staff=None, now=now)


def revoke_client_access(
    client: Client,
    address: Identifier | None,
    *,
    current_session: PortalSession | None = None,
    staff: StaffActor | None = None,
    now: datetime,
) -> None:
    """End a client's sessions and open challenges, including challenges at an address they share."""
    end_sessions(client=client, current_session=current_session, now=now, **_get_actor_fields(current_session, staff))
    condition = Q(client=client)
    if address:
        condition |= Q(address=address.value)
    Challenge.objects.filter(condition, closed_at=None).update(closed_at=now)


def revoke_addresses(
    client: Client, values: Iterable[str], *, staff: StaffActor, now: datetime
) -> dict[str, list[str]]:
    """Remove the passkeys that depended on addresses that sign nobody in any more.

    Return what a notice says of them: nothing if none did. The caller ends the sessions.
    """
    fields: dict[str, Any] = {"client": client, "actor_fields": activity.get_actor_fields(staff), "now": now}
    devices = [device for value in values for device in revoke_sign_in_methods(address=value, **fields)]
    return {"removed_passkeys": devices} if devices else {}


def list_sign_in_identifiers(client: Client) -> list[Identifier]:
    """Return the identifiers with which a client may sign in."""
    return [get_contact_identifier(contact) for contact in client.contacts.usable_for_sign_in()]


def get_contact_identifier(contact: Contact) -> Identifier:
    """Return the identifier of a contact."""
    return Identifier(ContactKind(contact.kind), contact.value)


def notify_addresses(client: Client, recipients: list[Identifier], kind: str, *, now: datetime, **data: Any) -> None:
    """Enqueue a message to each of the addresses, once."""
    fields: dict[str, Any] = {"client_id": client.pk, "language": client.language, "data": data, "now": now}
    messages = [
        messaging.build_message(kind, channel=CHANNEL_BY_KIND[identifier.kind], to=identifier.value, **fields)
        for identifier in dict.fromkeys(recipients)
    ]
    messaging.enqueue_notices(messages, deadline=now + settings.NOTIFICATION_LIFETIME, now=now)


def record_contact_change(
    client: Client,
    *,
    before: Identifier | None = None,
    after: Identifier | None = None,
    current_session: PortalSession | None = None,
    staff: StaffActor | None = None,
    now: datetime,
) -> None:
    """Record a change of addresses on the timeline, masked."""
    changes = {"before": _mask_by_kind(before), "after": _mask_by_kind(after)}
    activity.record_event(
        ClientEvent.CONTACT_CHANGED, at=now, client=client, **changes, **_get_actor_fields(current_session, staff)
    )


def _lock_client(client: Client, *, client_is_locked: bool) -> None:
    """Let no passkey be added meanwhile. The client is locked before their addresses and sessions, as everywhere."""
    if not client_is_locked:
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)


def _revoke_address(
    client: Client,
    address: Identifier | None,
    *,
    replacement: str = "",
    current_session: PortalSession | None = None,
    staff: StaffActor | None = None,
    now: datetime,
) -> dict[str, list[str]]:
    """Remove the passkeys that depended on an address, and return what the notice says of them: nothing if none did."""
    if address is None:
        return {}
    devices = revoke_sign_in_methods(
        client=client,
        address=address.value,
        replacement=replacement,
        current_session=current_session,
        actor_fields=_get_actor_fields(current_session, staff),
        now=now,
    )
    return {"removed_passkeys": devices} if devices else {}


def _list_notifiable_identifiers(contact: Contact | None) -> list[Identifier]:
    """Return the identifier of a contact, unless it is a number to which no text may go: texts cost money."""
    is_notifiable = contact and (
        contact.kind == ContactKind.EMAIL or (contact.confirmed_at and contact.client.is_confirmed)
    )
    return [get_contact_identifier(contact)] if contact and is_notifiable else []


def _record_contact_flag(
    client: Client, contact: Contact, flag: str, *, before: bool, after: bool, staff: StaffActor | None, now: datetime
) -> None:
    activity.record_event(
        ClientEvent.CONTACT_CHANGED,
        at=now,
        client=client,
        contact=get_contact_identifier(contact).masked,
        before={flag: before},
        after={flag: after},
        **activity.get_actor_fields(staff),
    )


def _get_actor_fields(current_session: PortalSession | None, staff: StaffActor | None) -> dict[str, Any]:
    if staff or current_session:
        return activity.get_actor_fields(staff)
    return {"actor": Entry.Actor.STAFF}


def _mask_by_kind(identifier: Identifier | None) -> dict[str, str]:
    return {str(identifier.kind): identifier.masked} if identifier else {}


def _mask_values(before: Identifier | None, after: Identifier | None) -> dict[str, str]:
    return {"old": before.masked if before else "", "new": after.masked if after else ""}
