"""How does a person ask for a code, and for another one?"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from portal.access import address_limits, attack_mode, codes, tokens
from portal.access.models import Challenge, ChallengePurpose, ClientSession
from portal.access.services.destinations import (
    CHANNEL_BY_KIND,
    Recipients,
    advisory_lock_key,
    find_recipients,
    lock_destination,
)
from portal.access.services.sending import DeliveryRoute, send_code
from portal.clients.identifiers import Identifier
from portal.clients.models import Contact
from portal.messaging.models import Message
from portal.profile import services as profiles
from portal.profile.models import Profile
from tenants.compiled_queries import compiled_query
from tenants.models import Business, Channel


class ResendRefused(Exception):
    """No further code now: `retry_at` says when, or is None when this challenge has had all of its codes."""

    def __init__(self, retry_at: datetime | None):
        super().__init__("resend refused")
        self.retry_at = retry_at


@dataclass(frozen=True)
class CodeRequest:
    """A request for a code: by whom, from which browser, in which circumstances."""

    identifier: Identifier
    browser_digest: bytes
    language: str
    wait_token: str = ""


def request_code(
    *, business: Business, code_request: CodeRequest, under_attack: bool, now: datetime
) -> tuple[Challenge, str]:
    """Open a challenge, queue its first code and return both challenge and token, whoever asks.

    People we do not know cost the same statements and get the same answer. Raises
    RateLimitExceeded, and WaitRequired when attack mode asks a wait of this browser.
    """
    try:
        with transaction.atomic():
            return _create_challenge(business, code_request, under_attack=under_attack, now=now)
    except IntegrityError as error:
        if not code_request.wait_token:
            raise
        # Another request came with the same wait_token at the same moment, and was let in.
        raise _wait_required(business) from error


@transaction.atomic
def resend_code(
    *, business: Business, token: str, channel: Channel | None, browser_digest: bytes, language: str, now: datetime
) -> Challenge:
    """Queue one more code for an open challenge; the code before it keeps working until its own expiry.

    Raises ResendRefused when the wait is not over or no sends are left, RateLimitExceeded, and
    Challenge.DoesNotExist when nothing is open.
    """
    challenge = Challenge.objects.select_for_update().get(
        browser_digest=tokens.digest(token), closed_at=None, verified_at=None, expires_at__gt=now
    )
    channel = channel or Channel(challenge.channels[-1])
    profile = profiles.get_with_advisory_lock(advisory_lock_key(business, bytes(challenge.identifier_digest)))
    check_resend(challenge, channel, profile=profile, now=now)
    past = address_limits.recent_challenges(digest=bytes(challenge.identifier_digest), now=now)
    address_limits.check_send_limit(past, is_recognised_browser=challenge.is_recognised_browser, now=now)
    destination = resend_destination(business, challenge, channel, profile, browser_digest, now=now)
    send_code(challenge, DeliveryRoute(channel, channel, destination), language=language, now=now)
    return challenge


def check_resend(challenge: Challenge, channel: Channel, *, profile: Profile, now: datetime) -> None:
    """Make sure a further code may be sent by this channel now. Raises ResendRefused.

    Each channel has a wait of its own: whoever can't read their mail need not wait for a text.
    """
    if len(challenge.sent_at) >= settings.LOGIN_MAX_SENDS or challenge.failures >= settings.LOGIN_MAX_GUESSES:
        raise ResendRefused(retry_at=None)
    opens_at = resend_allowed_at(challenge, channel, profile=profile)
    if opens_at and opens_at > now:
        raise ResendRefused(retry_at=opens_at)


def resend_allowed_at(challenge: Challenge, channel: Channel, *, profile: Profile) -> datetime | None:
    """Return when a further code may go by this channel; None when it was never used."""
    sent = [at for at, used in zip(challenge.sent_at, challenge.channels, strict=True) if used == channel]
    return sent[-1] + (profile.resend_wait or settings.LOGIN_RESEND_WAIT) if sent else None


@transaction.atomic
def open_challenge(
    *,
    business: Business,
    session: ClientSession,
    purpose: ChallengePurpose,
    identifier: Identifier,
    language: str,
    now: datetime,
) -> tuple[Challenge, str]:
    """Open a challenge for somebody who is signed in: to prove it is still them, or that a new address is theirs.

    A new address may be a stranger's, so it is counted on the strangers' budget, and on the client's own.
    Raises RateLimitExceeded.
    """
    is_own = purpose == ChallengePurpose.REAUTHENTICATION
    digest = tokens.identifier_digest(identifier)
    profiles.get_with_advisory_lock(advisory_lock_key(business, digest))
    address_limits.check_send_limit(
        address_limits.recent_challenges(digest=digest, now=now), is_recognised_browser=is_own, now=now
    )
    # Otherwise a client could have codes sent to any number of strangers, at the business's cost; also all at once.
    profiles.get_with_advisory_lock(advisory_lock_key(business, session.client_id.bytes))
    own = Challenge.objects.filter(client=session.client_id, purpose=purpose, created_at__gt=now - address_limits.DAY)
    address_limits.check_send_limit(own, is_recognised_browser=is_own, now=now)
    token = tokens.new_token()
    challenge = _build_challenge(
        identifier,
        token=token,
        purpose=purpose,
        address=identifier.value,
        client_id=session.client_id,
        is_recognised_browser=is_own,
        digits=settings.LOGIN_CODE_DIGITS,
        now=now,
    )
    channel = CHANNEL_BY_KIND[identifier.kind]
    send_code(challenge, DeliveryRoute(channel, channel, identifier.value), language=language, now=now)
    return challenge, token


def find_challenge(*, token: str, purpose: ChallengePurpose, now: datetime) -> Challenge | None:
    """Return the challenge a browser has under way, whether or not it may still be answered."""
    return Challenge.objects.filter(
        browser_digest=tokens.digest(token), purpose=purpose, closed_at=None, verified_at=None, expires_at__gt=now
    ).first()


def code_context(message: Message, *, now: datetime) -> dict[str, Any] | None:
    """Return what the wording of a code message needs, the code included; None once it is pointless to send."""
    challenge = next(iter(_live_challenge(key=message.subject_id)), None)
    generation = message.data["generation"]
    if challenge is None or generation not in codes.live_generations(challenge, now=now):
        return None
    left = challenge.sent_at[generation] + settings.LOGIN_CODE_LIFETIME - now
    return {"code": codes.derive_code(challenge, generation), "minutes": max(1, round(left.total_seconds() / 60))}


@compiled_query
def _live_challenge(key: uuid.UUID) -> QuerySet[Challenge]:
    return Challenge.objects.filter(pk=key, closed_at=None, verified_at=None)


def _create_challenge(
    business: Business, code_request: CodeRequest, *, under_attack: bool, now: datetime
) -> tuple[Challenge, str]:
    digest = tokens.identifier_digest(code_request.identifier)
    profile = profiles.get_with_advisory_lock(advisory_lock_key(business, digest))
    found = find_recipients(code_request.identifier, browser_digest=code_request.browser_digest, now=now)
    token = _select_token(business, code_request, found, under_attack=under_attack, now=now)
    past = address_limits.recent_challenges(digest=digest, now=now)
    address_limits.check_send_limit(past, is_recognised_browser=found.is_recognised_browser, now=now)
    challenge = _build_challenge(
        code_request.identifier,
        token=token,
        purpose=ChallengePurpose.SIGN_IN,
        address=found.address,
        client_id=found.client_id,
        is_recognised_browser=found.is_recognised_browser,
        digits=settings.LOGIN_CODE_DIGITS_UNDER_ATTACK if under_attack else settings.LOGIN_CODE_DIGITS,
        now=now,
    )
    send_code(
        challenge,
        _first_route(business, code_request.identifier, found, profile, now=now),
        language=code_request.language,
        now=now,
    )
    return challenge, token


def _build_challenge(identifier: Identifier, *, token: str, now: datetime, **facts: Any) -> Challenge:
    """Return a challenge for an address, not yet saved and with nothing sent."""
    return Challenge(
        browser_digest=tokens.digest(token),
        identifier_digest=tokens.identifier_digest(identifier),
        identifier_masked=identifier.masked,
        identifier_kind=identifier.kind,
        key_id=codes.current_key_id(),
        created_at=now,
        expires_at=now + settings.LOGIN_CHALLENGE_LIFETIME,
        **facts,
    )


def _select_token(
    business: Business, code_request: CodeRequest, found: Recipients, *, under_attack: bool, now: datetime
) -> str:
    """Return the challenge's token: a fresh one, or in attack mode the one that sat out the wait."""
    if not under_attack or found.is_recognised_browser:
        return tokens.new_token()
    token = (
        attack_mode.redeem_wait_token(code_request.wait_token, business=business, now=now)
        if code_request.wait_token
        else None
    )
    if token is None or Challenge.objects.filter(browser_digest=tokens.digest(token)).exists():
        raise _wait_required(business)
    return token


def _wait_required(business: Business) -> attack_mode.WaitRequired:
    return attack_mode.WaitRequired(wait_token=attack_mode.create_wait_token(tokens.new_token(), business=business))


def _first_route(
    business: Business, identifier: Identifier, found: Recipients, profile: Profile, *, now: datetime
) -> DeliveryRoute:
    """Return the way of the first code: a number that was typed is texted, else the business's preference counts.

    A preferred text falls back to the mailbox when there is no mobile on file, as the page says.
    """
    own = CHANNEL_BY_KIND[identifier.kind]
    channel = own if own == Channel.SMS else Channel(profile.default_channel)
    destination = _destination(business, found, channel, identifier, profile, now=now)
    if destination or channel == own:
        return DeliveryRoute(channel, channel, destination)
    return DeliveryRoute(channel, own, found.destination(own, identifier=identifier, profile=profile))


def resend_destination(
    business: Business,
    challenge: Challenge,
    channel: Channel,
    profile: Profile,
    browser_digest: bytes,
    *,
    now: datetime,
) -> str:
    """Return where a further code goes; the person is looked up anew, since the card may have changed."""
    own = CHANNEL_BY_KIND[Contact.Kind(challenge.identifier_kind)]
    if challenge.purpose != ChallengePurpose.SIGN_IN:
        return challenge.address if channel == own else ""
    identifier = Identifier(Contact.Kind(challenge.identifier_kind), challenge.address)
    found = find_recipients(identifier, browser_digest=browser_digest, now=now)
    return _destination(business, found, channel, identifier, profile, now=now)


def _destination(
    business: Business, found: Recipients, channel: Channel, identifier: Identifier, profile: Profile, *, now: datetime
) -> str:
    """Return where a code may go, within the budget of that address even where another one was typed."""
    chosen = found.destination(channel, identifier=identifier, profile=profile)
    if channel == CHANNEL_BY_KIND[identifier.kind] or found.is_recognised_browser:
        return chosen
    return lock_destination(chosen, channel, business=business, now=now)
