"""Finding who has an address, and where their code may be sent."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from portal.access.address_limits import Visitor, check_sends
from portal.access.identifier_digests import digest_identifier
from portal.access.models import Challenge, ChallengePool, ClientSession
from portal.access.services.code_sending import FOR_UNRECOGNISED_BROWSER
from portal.branding.models import PortalSettings
from portal.branding.services import list_sms_countries
from portal.clients.identifiers import Identifier, can_receive_sms
from portal.clients.models import ClientStatus, Contact, ContactKind
from portal.messaging.message_kinds import list_code_message_kinds
from portal.messaging.models import Message
from tenants.compiled_queries import compiled_query
from tenants.models import Business, Channel
from tenants.sliding_windows import DAY, NetworkEvent, RateLimitExceeded
from tenants.visitor_networks import VisitorNetwork

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class _RecipientAnnotations(TypedDict):
    is_recognised_browser: bool
    unrecognised_sends: list[dict[str, Any]]


# A contact that may receive a code: whether the browser is recognised, and when others had codes sent there.
RecipientContact: TypeAlias = "WithAnnotations[Contact, _RecipientAnnotations]"

CHANNEL_BY_KIND = {ContactKind.EMAIL: Channel.EMAIL, ContactKind.PHONE: Channel.SMS}
# No message has this address. Messages without an address are many, so an empty one would be slow to look up.
UNUSED_ADDRESS = "nobody"
KIND_BY_CHANNEL = {channel: kind for kind, channel in CHANNEL_BY_KIND.items()}


class CodeRecipients:
    """The contacts of all clients who share one address, and which of them may receive a code."""

    def __init__(self, identifier: Identifier, contacts: list[RecipientContact], *, visitor: Visitor, now: datetime):
        # Compared again in Python, so that no collation of the database decides who is who.
        same = [c for c in contacts if c.kind == identifier.kind and c.value == identifier.value]
        # Where somebody's address is confirmed, the claim of another card from a public form counts for nothing.
        owners = {c.client_id for c in same if c.confirmed_at} or {c.client_id for c in same}
        self.contacts = [contact for contact in contacts if contact.client_id in owners]
        self.address = identifier.value if owners else ""
        self.client_id = next(iter(owners)) if len(owners) == 1 else None
        self.is_recognised_browser = any(contact.is_recognised_browser for contact in self.contacts)
        is_own = self.is_recognised_browser and visitor.pool != ChallengePool.STAFF
        self.visitor = replace(visitor, pool=ChallengePool.RECOGNISED) if is_own else visitor
        # An address also receives codes requested for another address of its card; those count as well.
        self._over_limit = {
            c.value
            for c in self.contacts
            if not _may_send_after(_read_sends(c.unrecognised_sends), visitor=self.visitor, now=now)
        }

    def choose_code_address(self, channel: Channel, *, identifier: Identifier, portal_settings: PortalSettings) -> str:
        """Return the address on file to which a code may be sent by this channel, or an empty string.

        The typed address is preferred. If several clients with different numbers share one
        mailbox, no number is common to them, so none is returned.
        """
        values = {contact.value for contact in self.contacts if _can_receive_codes(contact, channel, portal_settings)}
        address = identifier.value if identifier.value in values else values.pop() if len(values) == 1 else ""
        return "" if address in self._over_limit else address


def find_code_recipients(
    identifier: Identifier, *, browser_digest: bytes, visitor: Visitor, now: datetime
) -> CodeRecipients:
    """Return the contacts of the active clients who have an address, in one statement."""
    contacts = _load_contacts(
        kind=identifier.kind, value=identifier.value, browser_digest=browser_digest, since=now - DAY
    )
    return CodeRecipients(identifier, contacts, visitor=visitor, now=now)


def find_code_address(
    business: Business,
    recipients: CodeRecipients,
    channel: Channel,
    identifier: Identifier,
    portal_settings: PortalSettings,
    *,
    now: datetime,
) -> str:
    """Return where a code may go, within the limits of that address even if another one was typed."""
    address = recipients.choose_code_address(channel, identifier=identifier, portal_settings=portal_settings)
    if channel == CHANNEL_BY_KIND[identifier.kind] or recipients.visitor.pool != ChallengePool.UNRECOGNISED:
        return address
    return _lock_destination(address, channel, business=business, visitor=recipients.visitor, now=now)


def derive_advisory_lock_key(business: Business, digest: bytes) -> int:
    """Return the key of the advisory lock that serialises requests for one address at one business."""
    return int.from_bytes(uuid.uuid5(business.pk, bytes(digest).hex()).bytes[:8], signed=True)


def _lock_destination(address: str, channel: Channel, *, business: Business, visitor: Visitor, now: datetime) -> str:
    """Lock an address other than the typed one; return it if that succeeds within its limits, else an empty string.

    Requests for one typed address wait for its lock, so the other address may be locked. Waiting for it
    while holding the first lock could deadlock, so one of two concurrent codes is not sent.
    """
    key = derive_advisory_lock_key(business, digest_identifier(Identifier(KIND_BY_CHANNEL[channel], address)).current)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        [is_locked] = cursor.fetchone()
    # Queried after the lock is taken, and without an address too, so that both cases take the same time.
    messages = _filter_unrecognised_browser_messages(now - DAY).filter(to=address or UNUSED_ADDRESS)
    sends = _read_sends(messages.values_list(_describe_send(), flat=True))
    return address if _may_send_after(sends, visitor=visitor, now=now) and is_locked else ""


def _may_send_after(sends: list[NetworkEvent], *, visitor: Visitor, now: datetime) -> bool:
    """Tell whether a visitor may have one more code sent to an address after what strangers had sent there."""
    if visitor.pool != ChallengePool.UNRECOGNISED:
        return True
    try:
        check_sends(sends, visitor=visitor, now=now)
    except RateLimitExceeded:
        return False
    return True


@compiled_query
def _load_contacts(kind: str, value: str, browser_digest: bytes, since: datetime) -> QuerySet[RecipientContact]:
    owners = Contact.objects.exclude_demo().filter(
        kind=kind, value=value, may_sign_in=True, client__status=ClientStatus.ACTIVE
    )
    sessions = ClientSession.objects.filter(client=OuterRef("client"), browser_digest=browser_digest)
    return (
        Contact.objects.usable_for_sign_in()
        .filter(client__in=owners.values("client"))
        .annotate(is_recognised_browser=Exists(sessions), unrecognised_sends=_list_unrecognised_browser_sends(since))
    )


def _list_unrecognised_browser_sends(since: datetime) -> ArraySubquery:
    """Return when unrecognised browsers had codes sent to the outer contact, and from which networks."""
    messages = _filter_unrecognised_browser_messages(since).filter(to=OuterRef("value"))
    return ArraySubquery(messages.values_list(_describe_send(), flat=True))


def _describe_send() -> JSONObject:
    """Return when the code of a message was sent, and the network that its challenge was opened from."""
    challenge = Challenge.objects.filter(pk=OuterRef("subject_id"))
    networks = challenge.values(networks=JSONObject(network="network_digest", block="block_digest"))
    return JSONObject(at="created_at", networks=Subquery(networks))


def _read_sends(described: Iterable[dict[str, Any]]) -> list[NetworkEvent]:
    """Return sends from what `_describe_send` says of them; JSON has bytes in hexadecimal, after a backslash and x."""
    return [
        NetworkEvent(
            datetime.fromisoformat(send["at"]),
            VisitorNetwork(*(bytes.fromhex((networks.get(name) or "")[2:]) for name in ("network", "block"))),
        )
        for send in described
        for networks in [send["networks"] or {}]
    ]


def _filter_unrecognised_browser_messages(since: datetime) -> QuerySet[Message]:
    return Message.objects.filter(
        kind__in=list_code_message_kinds(), created_at__gt=since, data__contains=FOR_UNRECOGNISED_BROWSER
    )


def _can_receive_codes(contact: Contact, channel: Channel, portal_settings: PortalSettings) -> bool:
    if contact.kind != KIND_BY_CHANNEL[channel]:
        return False
    return channel == Channel.EMAIL or can_receive_sms(contact.value, countries=list_sms_countries(portal_settings))
