"""What happens to sign-ins when a client's card changes? They end, and both addresses are told."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from portal.access.models import Challenge, ClientSession
from portal.access.services.destinations import CHANNEL_OF
from portal.access.services.sessions import end_sessions
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.activity.verbs import Verb
from portal.clients import services as clients
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact
from portal.messaging import services as messaging
from portal.messaging.models import Kind
from tenants.models import Lane


@transaction.atomic
def change_contact(
    *,
    client: Client,
    old: Contact | None,
    new: Identifier,
    source: Contact.Source,
    keep: ClientSession | None = None,
    now: datetime,
) -> Contact:
    """Put a new address on a card, in place of an old one if given, and tell both.

    Where none is replaced the others on the card are told: whoever adds an address of
    their own to somebody's card must not be the only one to hear of it.
    Sessions and challenges end, but for the session that made the change, which from now
    on stands on the new address.
    """
    actor = Entry.Actor.CLIENT if keep else Entry.Actor.STAFF
    before = Identifier(Contact.Kind(old.kind), old.value) if old else None
    if old:
        old.delete()
    told = [before] if before else _ways_in(client)
    contact = clients.add_contact(client=client, identifier=new, source=source, now=now)
    if keep:
        ClientSession.objects.filter(pk=keep.pk).update(address=new.value, identifier_kind=new.kind, proven_at=now)
    end_sessions(client=client, keep=keep, actor=actor, now=now)
    _close_challenges(client, before, now=now)
    activity.record(
        Verb.CONTACT_CHANGED,
        at=now,
        client=client,
        actor=actor,
        old=before.masked if before else "",
        new=new.masked,
    )
    for identifier in [*told, new]:
        _tell(client, identifier, Kind.CONTACT_CHANGED, now=now, old=before.masked if before else "", new=new.masked)
    return contact


@transaction.atomic
def archive_client(*, client: Client, now: datetime) -> None:
    """Archive a client: their sign-ins end and their addresses are told."""
    clients.archive_client(client=client, now=now)
    _end_access(client, Verb.CLIENT_ARCHIVED, now=now)


@transaction.atomic
def block_client(*, client: Client, now: datetime) -> None:
    """Keep a client out of the portal: their sign-ins end and their addresses are told."""
    clients.block_client(client=client)
    _end_access(client, Verb.CLIENT_BLOCKED, now=now)


@transaction.atomic
def restore_client(*, client: Client, now: datetime) -> None:
    """Let a client in again, through the door: a session opened at the moment they were shut out ends here."""
    end_sessions(client=client, now=now)
    clients.restore_client(client=client)
    activity.record(Verb.CLIENT_RESTORED, at=now, client=client, actor=Entry.Actor.STAFF)


def _end_access(client: Client, verb: Verb, *, now: datetime) -> None:
    end_sessions(client=client, actor=Entry.Actor.STAFF, now=now)
    _close_challenges(client, None, now=now)
    activity.record(verb, at=now, client=client, actor=Entry.Actor.STAFF)
    for identifier in _ways_in(client):
        _tell(client, identifier, Kind.ACCESS_ENDED, now=now)


def _ways_in(client: Client) -> list[Identifier]:
    """Return the addresses with which a client may sign in."""
    contacts = client.contacts.filter(may_sign_in=True)
    return [Identifier(Contact.Kind(contact.kind), contact.value) for contact in contacts]


def _close_challenges(client: Client, address: Identifier | None, *, now: datetime) -> None:
    """End what is under way for this client, also where they share the address with others."""
    concerned = Q(client=client)
    if address:
        concerned |= Q(address=address.value)
    Challenge.objects.filter(concerned, closed_at=None).update(closed_at=now)


def _tell(client: Client, identifier: Identifier, kind: Kind, *, now: datetime, **data: str) -> None:
    message = messaging.draft(
        kind,
        channel=CHANNEL_OF[identifier.kind],
        to=identifier.value,
        client_id=client.pk,
        language=client.language,
        data=data,
        now=now,
    )
    messaging.post(message, lane=Lane.NOTICES, deadline=now + settings.NOTICE_LIFETIME, now=now)
