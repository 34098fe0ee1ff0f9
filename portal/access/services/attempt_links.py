"""Links by which staff let a client's browser start an attempt to sign in. They sign nobody in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.utils.http import urlencode

from portal.access import address_limits
from portal.access.address_limits import Visitor
from portal.access.identifier_digests import digest_identifier
from portal.access.kinds import AccessEvent
from portal.access.models import Challenge, ChallengePool
from portal.access.services.code_recipients import CodeRecipients, derive_advisory_lock_key, find_code_recipients
from portal.access.services.code_requests import open_challenge
from portal.access.services.contacts import get_contact_identifier
from portal.activity import services as activity
from portal.branding import services as branding
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, ClientStatus, Contact
from tenants import hostnames, tokens
from tenants.keyed_digests import KeyedDigest, compute_keyed_digest
from tenants.models import Business
from tenants.staff.permissions import has_person_permission
from tenants.staff.staff_actor import StaffActor
from tenants.visitor_networks import VisitorNetwork

LINK_LIFETIME = timedelta(minutes=15)
LINK_PATH = "/sign-in/start/"
PERMISSION = "support.send"


class InvalidAttemptLink(Exception):
    """The link was used, has expired, is not one of ours, or its address or its creator may no longer do this."""


@dataclass(frozen=True)
class AttemptLink:
    """What a link is good for: an attempt for this address, with this token, by which the link works once."""

    identifier: Identifier
    challenge_token: str


@dataclass(frozen=True)
class LinkVisitor:
    """The browser that follows a link: its digest, its network and the language of its page."""

    browser_digest: bytes
    network: VisitorNetwork
    language: str


@transaction.atomic
def create_attempt_link(
    *, business: Business, client: Client, contact: Contact, staff: StaffActor, now: datetime
) -> tuple[str, datetime]:
    """Return the signed text of a link for one address of a client, and when it expires. Records who created it.

    Raises InvalidAttemptLink if the client can't sign in with the address.
    """
    if not contact.may_sign_in or client.status != ClientStatus.ACTIVE:
        raise InvalidAttemptLink
    fields = activity.get_actor_fields(staff) | {"typed": get_contact_identifier(contact).masked}
    activity.record_event(AccessEvent.ATTEMPT_LINK_CREATED, at=now, client=client, **fields)
    issued_ms = int(now.timestamp() * 1000)
    content = [str(contact.pk), tokens.generate_token(), issued_ms, str(staff.person_id)]
    return _get_signer(business).sign_object(content), now + LINK_LIFETIME


def build_attempt_link_url(slug: str, signed_link: str) -> str:
    """Return the URL of a link at the portal with this slug."""
    query = urlencode({"link": signed_link})
    return hostnames.build_absolute_url(hostnames.build_portal_host(slug), f"{LINK_PATH}?{query}")


def read_attempt_link(signed_link: str, *, business: Business, now: datetime) -> AttemptLink:
    """Return what a link says if it can still be used, and use nothing up. Raises InvalidAttemptLink."""
    try:
        contact_id, link_token, issued_ms, person_id = _get_signer(business).unsign_object(signed_link)
    except (BadSignature, ValueError) as error:
        raise InvalidAttemptLink from error
    is_expired = now - datetime.fromtimestamp(issued_ms / 1000, UTC) > LINK_LIFETIME
    if is_expired or not has_person_permission(person_id=UUID(person_id), business=business, permission=PERMISSION):
        raise InvalidAttemptLink
    contact = Contact.objects.filter(pk=UUID(contact_id), may_sign_in=True, client__status=ClientStatus.ACTIVE).first()
    digest = _derive_challenge_token(link_token)
    if contact is None or _is_used(digest):
        raise InvalidAttemptLink
    return AttemptLink(get_contact_identifier(contact), digest.current.hex())


def start_attempt(
    *, business: Business, signed_link: str, visitor: LinkVisitor, under_attack: bool, now: datetime
) -> tuple[Challenge, str]:
    """Use a link up: open a challenge for its address and enqueue the code; return the challenge and its token.

    The code goes to the address on file. Raises InvalidAttemptLink and RateLimitExceeded.
    """
    try:
        with transaction.atomic():
            link = read_attempt_link(signed_link, business=business, now=now)
            return _open_challenge(business, link, visitor, under_attack=under_attack, now=now), link.challenge_token
    except IntegrityError as error:
        # A concurrent request used the same link first.
        raise InvalidAttemptLink from error


def _derive_challenge_token(link_token: str) -> KeyedDigest:
    """Return, as digests, the tokens of the attempt. Whoever reads a link can't tell them: they would be its cookie."""
    return compute_keyed_digest("portal.access.attempt-link", link_token)


def _is_used(challenge_token: KeyedDigest) -> bool:
    digests = [tokens.digest_token(token.hex()) for token in challenge_token]
    return Challenge.objects.filter(browser_digest__in=digests).exists()


def _open_challenge(
    business: Business, link: AttemptLink, visitor: LinkVisitor, *, under_attack: bool, now: datetime
) -> Challenge:
    digest = digest_identifier(link.identifier)
    portal_settings = branding.get_portal_settings_with_advisory_lock(
        derive_advisory_lock_key(business, digest.current)
    )
    recipients = _find_recipients(link.identifier, visitor, now=now)
    recent = address_limits.list_recent_challenges(digest=digest, now=now)
    address_limits.check_attempt_limit(recent, visitor=recipients.visitor, now=now)
    return open_challenge(
        business=business,
        identifier=link.identifier,
        recipients=recipients,
        portal_settings=portal_settings,
        token=link.challenge_token,
        language=visitor.language,
        under_attack=under_attack,
        now=now,
    )


def _find_recipients(identifier: Identifier, visitor: LinkVisitor, *, now: datetime) -> CodeRecipients:
    return find_code_recipients(
        identifier,
        browser_digest=visitor.browser_digest,
        visitor=Visitor(ChallengePool.STAFF, visitor.network),
        now=now,
    )


def _get_signer(business: Business) -> Signer:
    return Signer(salt=f"portal.access.attempt-link/{business.pk}")
