"""Who has this address, and where may their code go?"""

import uuid
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.access import address_limits, tokens
from portal.access.models import ClientSession
from portal.access.services.sending import FOR_UNRECOGNISED_BROWSER
from portal.clients.identifiers import Identifier, can_receive_sms
from portal.clients.models import Client, Contact
from portal.messaging.models import Message
from portal.messaging.services import CODE_KINDS
from portal.profile.models import Profile
from portal.profile.services import allowed_sms_countries
from tenants.compiled_queries import compiled_query
from tenants.models import Business, Channel

CHANNEL_BY_KIND = {Contact.Kind.EMAIL: Channel.EMAIL, Contact.Kind.PHONE: Channel.SMS}
# An address that no message has; those to no address at all are many.
UNUSED_ADDRESS = "nobody"
KIND_BY_CHANNEL = {channel: kind for kind, channel in CHANNEL_BY_KIND.items()}


class Recipients:
    """Everything on file for the clients who share one address, and what may be done with it."""

    def __init__(self, identifier: Identifier, contacts: list[Contact], *, now: datetime):
        # Compared again here: the database's idea of equality is not the last word on who is whom.
        owners = {c.client_id for c in contacts if c.kind == identifier.kind and c.value == identifier.value}
        self.contacts = [contact for contact in contacts if contact.client_id in owners]
        self.address = identifier.value if owners else ""
        self.client_id = next(iter(owners)) if len(owners) == 1 else None
        self.is_recognised_browser = any(contact.is_recognised_browser for contact in self.contacts)
        # Codes reach an address also through others on the same card, so what strangers sent there counts as well.
        self._over_limit = {
            c.value for c in self.contacts if not address_limits.within_limit(c.unrecognised_sends, now=now)
        }

    def destination(self, channel: Channel, *, identifier: Identifier, profile: Profile) -> str:
        """Return the one address on file that a code may take by this channel, or an empty string.

        The address that was typed comes first. Several clients with different numbers
        behind one mailbox have no common number, so none is chosen.
        """
        values = {contact.value for contact in self.contacts if _receives(contact, channel, profile)}
        chosen = identifier.value if identifier.value in values else values.pop() if len(values) == 1 else ""
        return chosen if self.is_recognised_browser or chosen not in self._over_limit else ""


def find_recipients(identifier: Identifier, *, browser_digest: bytes, now: datetime) -> Recipients:
    """Look an address up among the active clients, with all they can be reached by, in one statement."""
    contacts = _load_contacts(
        kind=identifier.kind, value=identifier.value, browser_digest=browser_digest, since=now - address_limits.DAY
    )
    return Recipients(identifier, contacts, now=now)


def lock_destination(address: str, channel: Channel, *, business: Business, now: datetime) -> str:
    """Return an address that a code reaches through another one, if it is ours alone and strangers left room; else nothing.

    Requests for one typed address queue up behind its lock, so this one's may be busy. Waiting for it while
    holding our own could be for ever; what two ask for at the same moment, one of them is not sent.
    """
    key = advisory_lock_key(business, tokens.identifier_digest(Identifier(KIND_BY_CHANNEL[channel], address)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        [is_ours] = cursor.fetchone()
    # Looked up in a statement after the lock, and for nobody too: both cases cost the same.
    sent = (
        _unrecognised_messages(now - address_limits.DAY)
        .filter(to=address or UNUSED_ADDRESS)
        .values_list("created_at", flat=True)
    )
    return address if address_limits.within_limit(list(sent), now=now) and is_ours else ""


def advisory_lock_key(business: Business, digest: bytes) -> int:
    """Return the advisory lock that makes requests for one address at one business queue up."""
    return int.from_bytes(uuid.uuid5(business.pk, bytes(digest).hex()).bytes[:8], signed=True)


@compiled_query
def _load_contacts(kind: str, value: str, browser_digest: bytes, since: datetime) -> QuerySet[Contact]:
    owners = Contact.objects.exclude_demo().filter(
        kind=kind, value=value, may_sign_in=True, client__status=Client.Status.ACTIVE
    )
    known = ClientSession.objects.filter(client=OuterRef("client"), browser_digest=browser_digest)
    return (
        Contact.objects.filter(client__in=owners.values("client"), may_sign_in=True)
        .filter(Q(kind=Contact.Kind.EMAIL) | Q(confirmed_at__isnull=False))
        .annotate(is_recognised_browser=Exists(known), unrecognised_sends=_unrecognised_sends(since))
    )


def _unrecognised_sends(since: datetime) -> ArraySubquery:
    """Return when browsers that nobody recognised had a code sent to the contact at hand."""
    return ArraySubquery(_unrecognised_messages(since).filter(to=OuterRef("value")).values("created_at"))


def _unrecognised_messages(since: datetime) -> QuerySet[Message]:
    return Message.objects.filter(kind__in=CODE_KINDS, created_at__gt=since, data__contains=FOR_UNRECOGNISED_BROWSER)


def _receives(contact: Contact, channel: Channel, profile: Profile) -> bool:
    if contact.kind != KIND_BY_CHANNEL[channel]:
        return False
    return channel == Channel.EMAIL or can_receive_sms(contact.value, countries=allowed_sms_countries(profile))
