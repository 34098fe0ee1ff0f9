"""Building and finding challenges, and sending further codes of theirs."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from portal.access import address_limits, sign_in_codes
from portal.access.address_limits import Visitor, get_visitor
from portal.access.identifier_digests import digest_identifier
from portal.access.models import Challenge, ChallengePool, ChallengePurpose, PortalSession
from portal.access.services.code_recipients import (
    CHANNEL_BY_KIND,
    derive_advisory_lock_key,
    find_code_address,
    find_code_recipients,
)
from portal.access.services.code_sending import CodeDestination, send_code
from portal.branding import services as branding
from portal.branding.models import PortalSettings
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, ContactKind
from portal.messaging.models import Message
from tenants import tokens
from tenants.compiled_queries import compiled_query
from tenants.models import Business, Channel
from tenants.sliding_windows import DAY
from tenants.visitor_networks import VisitorNetwork


class ResendRefused(Exception):
    """No further code may be sent now; `retry_at` says when, or is None if the challenge has had all its codes."""

    def __init__(self, retry_at: datetime | None):
        super().__init__("resend refused")
        self.retry_at = retry_at


class TextNotAllowed(Exception):
    """No text is sent to a client whose card a public form made before staff confirm them."""


@transaction.atomic
def resend_code(
    *, business: Business, token: str, channel: Channel | None, browser_digest: bytes, language: str, now: datetime
) -> Challenge:
    """Enqueue another code for an open challenge; the previous code works until it expires.

    Raises ResendRefused when it is too early or no sends are left, RateLimitExceeded, and
    Challenge.DoesNotExist when no challenge is open.
    """
    challenge = Challenge.objects.select_for_update(no_key=True).get(
        browser_digest=tokens.digest_token(token), closed_at=None, verified_at=None, expires_at__gt=now
    )
    channel = channel or Channel(challenge.channels[-1])
    portal_settings = branding.get_portal_settings_with_advisory_lock(
        derive_advisory_lock_key(business, bytes(challenge.identifier_digest))
    )
    check_resend(challenge, channel, portal_settings=portal_settings, now=now)
    recent = address_limits.list_recent_challenges(digest=challenge.digest, now=now)
    # Whoever has had the code page open for as long as a wait lasts has sat it out.
    visitor = get_visitor(challenge, has_waited=now - challenge.created_at >= settings.ATTACK_MODE_DELAY)
    address_limits.check_resend_limit(recent, visitor=visitor, now=now)
    destination = find_resend_address(
        business, challenge, channel, portal_settings, browser_digest=browser_digest, visitor=visitor, now=now
    )
    send_code(challenge, CodeDestination(channel, channel, destination), visitor=visitor, language=language, now=now)
    return challenge


def check_resend(challenge: Challenge, channel: Channel, *, portal_settings: PortalSettings, now: datetime) -> None:
    """Check that another code may be sent by this channel now. Raises ResendRefused.

    Each channel has its own wait: who cannot read their mail need not wait for a text.
    """
    if len(challenge.sent_at) >= settings.LOGIN_MAX_SENDS or challenge.failures >= settings.LOGIN_MAX_GUESSES:
        raise ResendRefused(retry_at=None)
    allowed_at = get_resend_time(challenge, channel, portal_settings=portal_settings)
    if allowed_at and allowed_at > now:
        raise ResendRefused(retry_at=allowed_at)


def get_resend_time(challenge: Challenge, channel: Channel, *, portal_settings: PortalSettings) -> datetime | None:
    """Return when another code may be sent by this channel; None if the channel was not used yet."""
    sent = [at for at, used in zip(challenge.sent_at, challenge.channels, strict=True) if used == channel]
    return sent[-1] + (portal_settings.resend_wait or settings.LOGIN_RESEND_WAIT) if sent else None


@transaction.atomic
def open_confirmation_challenge(
    *,
    business: Business,
    session: PortalSession,
    purpose: ChallengePurpose,
    identifier: Identifier,
    network: VisitorNetwork,
    language: str,
    now: datetime,
) -> tuple[Challenge, str]:
    """Open a challenge for a signed-in client, to re-authenticate or to confirm a new address, and enqueue its code.

    A new address may belong to somebody else, so it counts towards the limits of unrecognised browsers. A client
    who signed in has waited long enough for the reserve.
    Raises RateLimitExceeded and TextNotAllowed.
    """
    if identifier.kind == ContactKind.PHONE and not Client.objects.get(pk=session.client_id).is_confirmed:
        raise TextNotAllowed
    is_own = purpose == ChallengePurpose.REAUTHENTICATION
    digest = digest_identifier(identifier)
    branding.get_portal_settings_with_advisory_lock(derive_advisory_lock_key(business, digest.current))
    pool = ChallengePool.RECOGNISED if is_own else ChallengePool.UNRECOGNISED
    visitor = Visitor(pool, network, has_waited=True)
    recent = address_limits.list_recent_challenges(digest=digest, now=now)
    address_limits.check_attempt_limit(recent, visitor=visitor, now=now)
    # Limits the codes a client sends to new addresses, and the lock holds that against concurrent requests.
    branding.get_portal_settings_with_advisory_lock(derive_advisory_lock_key(business, session.client_id.bytes))
    own = Challenge.objects.filter(client=session.client_id, purpose=purpose, created_at__gt=now - DAY)
    address_limits.check_client_limit(own, now=now)
    token = tokens.generate_token()
    challenge = build_challenge(
        identifier,
        token=token,
        network=network,
        purpose=purpose,
        address=identifier.value,
        client_id=session.client_id,
        is_recognised_browser=is_own,
        code_length=settings.LOGIN_CODE_DIGITS,
        now=now,
    )
    channel = CHANNEL_BY_KIND[identifier.kind]
    destination = CodeDestination(channel, channel, identifier.value)
    send_code(challenge, destination, visitor=visitor, language=language, now=now)
    return challenge, token


def build_challenge(
    identifier: Identifier, *, token: str, network: VisitorNetwork, now: datetime, **fields: Any
) -> Challenge:
    """Return an unsaved challenge for an address, with no code sent yet."""
    digest = digest_identifier(identifier)
    return Challenge(
        browser_digest=tokens.digest_token(token),
        identifier_digest=digest.current,
        previous_digest=digest.previous,
        identifier_masked=identifier.masked,
        identifier_kind=identifier.kind,
        network_digest=network.network_digest,
        block_digest=network.block_digest,
        key_id=sign_in_codes.current_key_id(),
        created_at=now,
        expires_at=now + settings.LOGIN_CHALLENGE_LIFETIME,
        **fields,
    )


def find_challenge(*, token: str, purpose: ChallengePurpose, now: datetime) -> Challenge | None:
    """Return the open challenge of a browser, even if it has no guesses left."""
    return Challenge.objects.filter(
        browser_digest=tokens.digest_token(token), purpose=purpose, closed_at=None, verified_at=None, expires_at__gt=now
    ).first()


def build_code_message_context(message: Message, *, now: datetime) -> dict[str, Any] | None:
    """Return the template context of a code message, with the code; None once the code is no longer valid."""
    challenge = next(iter(_find_live_challenge(key=message.subject_id)), None)
    generation = message.data["generation"]
    if challenge is None or generation not in sign_in_codes.list_live_code_generations(challenge, now=now):
        return None
    left = challenge.sent_at[generation] + settings.LOGIN_CODE_LIFETIME - now
    try:
        code = sign_in_codes.derive_code(challenge, generation)
    except sign_in_codes.CodeKeyRetired:
        return None
    return {"code": code, "minutes": max(1, round(left.total_seconds() / 60))}


def find_resend_address(
    business: Business,
    challenge: Challenge,
    channel: Channel,
    portal_settings: PortalSettings,
    *,
    browser_digest: bytes,
    visitor: Visitor,
    now: datetime,
) -> str:
    """Return where another code goes. Contacts are loaded again, because the card may have changed."""
    own = CHANNEL_BY_KIND[ContactKind(challenge.identifier_kind)]
    if challenge.purpose != ChallengePurpose.SIGN_IN:
        return challenge.address if channel == own else ""
    identifier = Identifier(ContactKind(challenge.identifier_kind), challenge.address)
    recipients = find_code_recipients(identifier, browser_digest=browser_digest, visitor=visitor, now=now)
    return find_code_address(business, recipients, channel, identifier, portal_settings, now=now)


@compiled_query
def _find_live_challenge(key: uuid.UUID) -> QuerySet[Challenge]:
    return Challenge.objects.filter(pk=key, closed_at=None, verified_at=None)
