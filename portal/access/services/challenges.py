"""Requesting and resending sign-in codes."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from portal.access import address_limits, attack_mode, sign_in_codes
from portal.access.identifier_digests import digest_identifier
from portal.access.models import Challenge, ChallengePurpose, PortalSession
from portal.access.services.code_recipients import (
    CHANNEL_BY_KIND,
    CodeRecipients,
    derive_advisory_lock_key,
    find_code_recipients,
    lock_destination,
)
from portal.access.services.code_sending import CodeDestination, send_code
from portal.branding import services as branding
from portal.branding.models import PortalSettings
from portal.clients.identifiers import Identifier
from portal.clients.models import ContactKind
from portal.messaging.models import Message
from tenants import tokens
from tenants.compiled_queries import compiled_query
from tenants.models import Business, Channel


class ResendRefused(Exception):
    """No further code may be sent now; `retry_at` says when, or is None if the challenge has had all its codes."""

    def __init__(self, retry_at: datetime | None):
        super().__init__("resend refused")
        self.retry_at = retry_at


@dataclass(frozen=True)
class CodeRequest:
    """What a browser sent to request a code; `wait_token` is sent in attack mode only."""

    identifier: Identifier
    browser_digest: bytes
    language: str
    wait_token: str = ""


def request_code(
    *, business: Business, code_request: CodeRequest, under_attack: bool, now: datetime
) -> tuple[Challenge, str]:
    """Open a challenge and enqueue its first code; return the challenge and its token.

    For an unknown address it does the same work and returns the same, so that nobody can tell who
    is a client. Raises RateLimitExceeded, and WaitRequired when attack mode makes this browser wait.
    """
    try:
        with transaction.atomic():
            return _create_challenge(business, code_request, under_attack=under_attack, now=now)
    except IntegrityError as error:
        if not code_request.wait_token:
            raise
        # A concurrent request used the same wait token first.
        raise _build_wait_required(business, now) from error


@transaction.atomic
def resend_code(
    *, business: Business, token: str, channel: Channel | None, browser_digest: bytes, language: str, now: datetime
) -> Challenge:
    """Enqueue another code for an open challenge; the previous code works until it expires.

    Raises ResendRefused when it is too early or no sends are left, RateLimitExceeded, and
    Challenge.DoesNotExist when no challenge is open.
    """
    challenge = Challenge.objects.select_for_update().get(
        browser_digest=tokens.digest_token(token), closed_at=None, verified_at=None, expires_at__gt=now
    )
    channel = channel or Channel(challenge.channels[-1])
    portal_settings = branding.get_portal_settings_with_advisory_lock(
        derive_advisory_lock_key(business, bytes(challenge.identifier_digest))
    )
    check_resend(challenge, channel, portal_settings=portal_settings, now=now)
    recent = address_limits.list_recent_challenges(digest=bytes(challenge.identifier_digest), now=now)
    address_limits.check_send_limit(recent, is_recognised_browser=challenge.is_recognised_browser, now=now)
    destination = find_resend_address(business, challenge, channel, portal_settings, browser_digest, now=now)
    send_code(challenge, CodeDestination(channel, channel, destination), language=language, now=now)
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
    language: str,
    now: datetime,
) -> tuple[Challenge, str]:
    """Open a challenge for a signed-in client, to re-authenticate or to confirm a new address, and enqueue its code.

    A new address may belong to somebody else, so it counts towards the limits of unrecognised browsers.
    Raises RateLimitExceeded.
    """
    is_own = purpose == ChallengePurpose.REAUTHENTICATION
    digest = digest_identifier(identifier)
    branding.get_portal_settings_with_advisory_lock(derive_advisory_lock_key(business, digest))
    address_limits.check_send_limit(
        address_limits.list_recent_challenges(digest=digest, now=now), is_recognised_browser=is_own, now=now
    )
    # Limits the codes a client sends to new addresses, and the lock holds that against concurrent requests.
    branding.get_portal_settings_with_advisory_lock(derive_advisory_lock_key(business, session.client_id.bytes))
    own = Challenge.objects.filter(client=session.client_id, purpose=purpose, created_at__gt=now - address_limits.DAY)
    address_limits.check_send_limit(own, is_recognised_browser=is_own, now=now)
    token = tokens.generate_token()
    challenge = _build_challenge(
        identifier,
        token=token,
        purpose=purpose,
        address=identifier.value,
        client_id=session.client_id,
        is_recognised_browser=is_own,
        code_length=settings.LOGIN_CODE_DIGITS,
        now=now,
    )
    channel = CHANNEL_BY_KIND[identifier.kind]
    send_code(challenge, CodeDestination(channel, channel, identifier.value), language=language, now=now)
    return challenge, token


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


@compiled_query
def _find_live_challenge(key: uuid.UUID) -> QuerySet[Challenge]:
    return Challenge.objects.filter(pk=key, closed_at=None, verified_at=None)


def _create_challenge(
    business: Business, code_request: CodeRequest, *, under_attack: bool, now: datetime
) -> tuple[Challenge, str]:
    digest = digest_identifier(code_request.identifier)
    portal_settings = branding.get_portal_settings_with_advisory_lock(derive_advisory_lock_key(business, digest))
    recipients = find_code_recipients(code_request.identifier, browser_digest=code_request.browser_digest, now=now)
    token = _choose_challenge_token(business, code_request, recipients, under_attack=under_attack, now=now)
    recent = address_limits.list_recent_challenges(digest=digest, now=now)
    address_limits.check_send_limit(recent, is_recognised_browser=recipients.is_recognised_browser, now=now)
    challenge = _build_challenge(
        code_request.identifier,
        token=token,
        purpose=ChallengePurpose.SIGN_IN,
        address=recipients.address,
        client_id=recipients.client_id,
        is_recognised_browser=recipients.is_recognised_browser,
        code_length=settings.LOGIN_CODE_DIGITS_UNDER_ATTACK if under_attack else settings.LOGIN_CODE_DIGITS,
        now=now,
    )
    send_code(
        challenge,
        _choose_first_destination(business, code_request.identifier, recipients, portal_settings, now=now),
        language=code_request.language,
        now=now,
    )
    return challenge, token


def _build_challenge(identifier: Identifier, *, token: str, now: datetime, **fields: Any) -> Challenge:
    """Return an unsaved challenge for an address, with no code sent yet."""
    return Challenge(
        browser_digest=tokens.digest_token(token),
        identifier_digest=digest_identifier(identifier),
        identifier_masked=identifier.masked,
        identifier_kind=identifier.kind,
        key_id=sign_in_codes.current_key_id(),
        created_at=now,
        expires_at=now + settings.LOGIN_CHALLENGE_LIFETIME,
        **fields,
    )


def _choose_challenge_token(
    business: Business, code_request: CodeRequest, recipients: CodeRecipients, *, under_attack: bool, now: datetime
) -> str:
    """Return the challenge's token: a new one, or in attack mode the one from the wait token."""
    if not under_attack or recipients.is_recognised_browser:
        return tokens.generate_token()
    token = (
        attack_mode.redeem_wait_token(code_request.wait_token, business=business, now=now)
        if code_request.wait_token
        else None
    )
    if token is None or Challenge.objects.filter(browser_digest=tokens.digest_token(token)).exists():
        raise _build_wait_required(business, now)
    return token


def _build_wait_required(business: Business, now: datetime) -> attack_mode.WaitRequired:
    return attack_mode.WaitRequired(
        wait_token=attack_mode.create_wait_token(tokens.generate_token(), business=business, now=now)
    )


def _choose_first_destination(
    business: Business,
    identifier: Identifier,
    recipients: CodeRecipients,
    portal_settings: PortalSettings,
    *,
    now: datetime,
) -> CodeDestination:
    """Return the route of the first code: by SMS to a typed number, else by the default channel of the business.

    If that is SMS and no mobile number is on file, the code goes to the mailbox, and the page says that it may.
    """
    own = CHANNEL_BY_KIND[identifier.kind]
    channel = own if own == Channel.SMS else Channel(portal_settings.default_channel)
    destination = _find_code_address(business, recipients, channel, identifier, portal_settings, now=now)
    if destination or channel == own:
        return CodeDestination(channel, channel, destination)
    return CodeDestination(
        channel, own, recipients.choose_code_address(own, identifier=identifier, portal_settings=portal_settings)
    )


def find_resend_address(
    business: Business,
    challenge: Challenge,
    channel: Channel,
    portal_settings: PortalSettings,
    browser_digest: bytes,
    *,
    now: datetime,
) -> str:
    """Return where another code goes. Contacts are loaded again, because the card may have changed."""
    own = CHANNEL_BY_KIND[ContactKind(challenge.identifier_kind)]
    if challenge.purpose != ChallengePurpose.SIGN_IN:
        return challenge.address if channel == own else ""
    identifier = Identifier(ContactKind(challenge.identifier_kind), challenge.address)
    recipients = find_code_recipients(identifier, browser_digest=browser_digest, now=now)
    return _find_code_address(business, recipients, channel, identifier, portal_settings, now=now)


def _find_code_address(
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
    if channel == CHANNEL_BY_KIND[identifier.kind] or recipients.is_recognised_browser:
        return address
    return lock_destination(address, channel, business=business, now=now)
