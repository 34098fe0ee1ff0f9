"""Requesting the first code: opening a challenge for an address that somebody typed."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from portal.access import address_limits, attack_mode
from portal.access.address_limits import Visitor
from portal.access.attack_mode import Waiter, WaitReason
from portal.access.identifier_digests import digest_identifier
from portal.access.models import Challenge, ChallengePool, ChallengePurpose
from portal.access.services.challenges import build_challenge
from portal.access.services.code_recipients import (
    CHANNEL_BY_KIND,
    CodeRecipients,
    derive_advisory_lock_key,
    find_code_address,
    find_code_recipients,
)
from portal.access.services.code_sending import CodeDestination, send_code
from portal.branding import services as branding
from portal.branding.models import PortalSettings
from portal.clients.identifiers import Identifier
from tenants import tokens
from tenants.models import Business, Channel
from tenants.sliding_windows import RateLimitExceeded
from tenants.visitor_networks import VisitorNetwork


@dataclass(frozen=True)
class CodeRequest:
    """What a browser sent to request a code; `wait_token` is sent by browsers that were made to wait."""

    identifier: Identifier
    browser_digest: bytes
    network: VisitorNetwork
    language: str
    wait_token: str = ""

    @property
    def waiter(self) -> Waiter:
        """Who waits if this browser has to."""
        return Waiter(digest_identifier(self.identifier), self.network)


def request_code(
    *, business: Business, code_request: CodeRequest, under_attack: bool, now: datetime
) -> tuple[Challenge, str]:
    """Open a challenge and enqueue its first code; return the challenge and its token.

    For an unknown address it does the same work and returns the same, so that nobody can tell who
    is a client. Raises RateLimitExceeded, and WaitRequired when this browser has to wait first.
    """
    try:
        with transaction.atomic():
            return _create_challenge(business, code_request, under_attack=under_attack, now=now)
    except IntegrityError as error:
        if not code_request.wait_token:
            raise
        # A concurrent request used the same wait token first.
        raise attack_mode.build_wait_required(
            business, WaitReason.ATTACK, waiter=code_request.waiter, now=now
        ) from error


def open_challenge(
    *,
    business: Business,
    identifier: Identifier,
    recipients: CodeRecipients,
    portal_settings: PortalSettings,
    token: str,
    language: str,
    under_attack: bool,
    now: datetime,
) -> Challenge:
    """Save a challenge for an address, for a visitor who may open one, and enqueue its first code."""
    challenge = build_challenge(
        identifier,
        token=token,
        network=recipients.visitor.network,
        purpose=ChallengePurpose.SIGN_IN,
        address=recipients.address,
        client_id=recipients.client_id,
        is_recognised_browser=recipients.is_recognised_browser,
        is_opened_by_staff=recipients.visitor.pool == ChallengePool.STAFF,
        code_length=settings.LOGIN_CODE_DIGITS_UNDER_ATTACK if under_attack else settings.LOGIN_CODE_DIGITS,
        now=now,
    )
    destination = _choose_first_destination(business, identifier, recipients, portal_settings, now=now)
    send_code(challenge, destination, visitor=recipients.visitor, language=language, now=now)
    return challenge


def _create_challenge(
    business: Business, code_request: CodeRequest, *, under_attack: bool, now: datetime
) -> tuple[Challenge, str]:
    identifier, waiter = code_request.identifier, code_request.waiter
    portal_settings = branding.get_portal_settings_with_advisory_lock(
        derive_advisory_lock_key(business, waiter.identifier.current)
    )
    wait_token = _redeem_wait_token(business, code_request, now=now)
    recipients = find_code_recipients(
        identifier,
        browser_digest=code_request.browser_digest,
        visitor=Visitor(ChallengePool.UNRECOGNISED, code_request.network, has_waited=bool(wait_token)),
        now=now,
    )
    if under_attack and not (recipients.is_recognised_browser or wait_token):
        raise attack_mode.build_wait_required(business, WaitReason.ATTACK, waiter=waiter, now=now)
    _check_attempt_limit(business, waiter, recipients.visitor, now=now)
    token = wait_token or tokens.generate_token()
    challenge = open_challenge(
        business=business,
        identifier=identifier,
        recipients=recipients,
        portal_settings=portal_settings,
        token=token,
        language=code_request.language,
        under_attack=under_attack,
        now=now,
    )
    return challenge, token


def _redeem_wait_token(business: Business, code_request: CodeRequest, *, now: datetime) -> str | None:
    """Return the token that a wait token gives the challenge; None if the wait is not over, or was used already."""
    if not code_request.wait_token:
        return None
    token = attack_mode.redeem_wait_token(
        code_request.wait_token, business=business, waiter=code_request.waiter, now=now
    )
    if token and Challenge.objects.filter(browser_digest=tokens.digest_token(token)).exists():
        return None
    return token


def _check_attempt_limit(business: Business, waiter: Waiter, visitor: Visitor, *, now: datetime) -> None:
    """Check the limits of an address. Raises RateLimitExceeded, or WaitRequired if it is enough to wait a moment."""
    recent = address_limits.list_recent_challenges(digest=waiter.identifier, now=now)
    address_limits.check_attempt_limit(recent, visitor=replace(visitor, has_waited=True), now=now)
    try:
        address_limits.check_attempt_limit(recent, visitor=visitor, now=now)
    except RateLimitExceeded as error:
        raise attack_mode.build_wait_required(business, WaitReason.BUSY_ADDRESS, waiter=waiter, now=now) from error


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
    destination = find_code_address(business, recipients, channel, identifier, portal_settings, now=now)
    if destination or channel == own:
        return CodeDestination(channel, channel, destination)
    return CodeDestination(
        channel, own, recipients.choose_code_address(own, identifier=identifier, portal_settings=portal_settings)
    )
