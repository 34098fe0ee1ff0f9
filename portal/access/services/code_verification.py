"""Verifying a typed code, and signing in the client it was sent to."""

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from portal.access import address_limits, attack_mode, sign_in_codes
from portal.access.kinds import AccessEvent
from portal.access.models import Challenge, ChallengePurpose, ClientSession
from portal.access.services.contacts import confirm_own_address
from portal.access.services.sessions import BrowserTokens, NewSession, SigningInClient, open_session
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.models import Client, Contact, ContactKind
from portal.clients.models.client_contact import MAIN_FIRST
from tenants import metrics, tokens
from tenants.compiled_queries import compiled_query, compiled_update
from tenants.models import Business, Channel
from tenants.sms_limits.usage import mark_code_used
from tenants.typed_codes import read_code

# Entries of old codes that cost no guess, for each challenge.
MAX_OLD_CODES = 3


class ChallengeClosed(Exception):
    """The challenge takes no code: there is none, or it expired, was used or had too many guesses."""


class CodeRejected(Exception):
    """The code was wrong; `guesses_left` more guesses are allowed."""

    def __init__(self, guesses_left: int):
        super().__init__("code rejected")
        self.guesses_left = guesses_left


class OldCodeEntered(Exception):
    """The code worked once for this challenge; `has_newer` tells whether another one works now."""

    def __init__(self, *, has_newer: bool):
        super().__init__("old code entered")
        self.has_newer = has_newer


class UnreadableCode(Exception):
    """What was typed can't be a code of this challenge, which has `length` digits. It costs no guess."""

    def __init__(self, length: int):
        super().__init__("unreadable code")
        self.length = length


@dataclass(frozen=True)
class VerifiedIdentity:
    """The result of a right code.

    Without `new_session`, several clients share the address and one has to be selected.
    """

    challenge: Challenge
    new_session: NewSession | None


def verify_code(
    *, business: Business, token: str, typed: str, browser: BrowserTokens, remember_me: bool, now: datetime
) -> VerifiedIdentity:
    """Verify a typed code and sign the client in.

    Raises ChallengeClosed, UnreadableCode, CodeRejected, OldCodeEntered and RateLimitExceeded.

    The guess is counted by a statement of its own before the code is compared. The challenge is
    claimed by a conditional update, so that only one of several concurrent right guesses succeeds.
    """
    challenge, generation = _check_guess(business, token, typed, ChallengePurpose.SIGN_IN, now=now)
    with transaction.atomic():
        clients = find_verified_clients(challenge, generation, browser_digest=browser.browser_digest)
        if not clients:
            raise CodeRejected(guesses_left=settings.LOGIN_MAX_GUESSES - challenge.failures)
        is_unambiguous = len(clients) == 1
        _claim_challenge(challenge, generation, closed_at=now if is_unambiguous else None, now=now)
        if not is_unambiguous:
            return VerifiedIdentity(challenge, None)
        return VerifiedIdentity(
            challenge,
            sign_in_client(clients[0], challenge, generation, browser=browser, remember_me=remember_me, now=now),
        )


def confirm_challenge(
    *, business: Business, token: str, typed: str, purpose: ChallengePurpose, now: datetime
) -> Challenge:
    """Verify a code that a signed-in client typed, and return its closed challenge. Raises like `verify_code`."""
    challenge, generation = _check_guess(business, token, typed, purpose, now=now)
    with transaction.atomic():
        _claim_challenge(challenge, generation, closed_at=now, now=now)
        _record_event(AccessEvent.CODE_CONFIRMED, challenge, now=now)
    return challenge


def find_verified_clients(challenge: Challenge, generation: int, *, browser_digest: bytes) -> list[SigningInClient]:
    """Return the active clients whom a code identifies: those who have the typed and the reached address on file.

    Where the reached address is confirmed on a card, it identifies nobody on whose card only a public form put it.
    """
    typed, reached = challenge.address, get_code_destination(challenge, generation)
    if generation == sign_in_codes.STAFF_ISSUED:
        owners = _find_clients_with_address(reached=reached, browser_digest=browser_digest)
        return [owner for owner in owners if owner.pk == challenge.code_issued_to_id]
    if typed == reached:
        found: list[SigningInClient] = list(_find_clients_with_address(reached=reached, browser_digest=browser_digest))
        return [client for client in found if client.has_confirmed_address] or found
    return _find_clients_with_both(typed=typed, reached=reached, browser_digest=browser_digest)


def get_code_destination(challenge: Challenge, generation: int) -> str:
    """Return the address a code was sent to, or empty; for a staff-issued code, the address that was typed."""
    return challenge.address if generation == sign_in_codes.STAFF_ISSUED else challenge.destinations[generation]


def sign_in_client(
    client: SigningInClient,
    challenge: Challenge,
    generation: int,
    *,
    browser: BrowserTokens,
    remember_me: bool,
    now: datetime,
) -> NewSession:
    """Open a session, and confirm the address if the code was sent there; no other address on the card is confirmed."""
    address, was_sent = get_code_destination(challenge, generation), generation != sign_in_codes.STAFF_ISSUED
    if not client.has_confirmed_address and was_sent:
        confirm_own_address(client=client, address=address, now=now)
    return open_session(
        client=client, address=address, was_code_sent=was_sent, browser=browser, remember_me=remember_me, now=now
    )


def query_signing_in_clients(reached: str, browser_digest: bytes) -> QuerySet[SigningInClient]:
    """Return the active clients who may sign in with an address, as `open_session` takes them."""
    on_card = Contact.objects.usable_for_sign_in().filter(client=OuterRef("pk"))
    sessions = ClientSession.objects.filter(client=OuterRef("pk"), browser_digest=browser_digest)
    mailbox = on_card.filter(kind=ContactKind.EMAIL).order_by(*MAIN_FIRST).values("value")[:1]
    return (
        Client.objects.exclude_demo()
        .active()
        .filter(Exists(on_card.filter(value=reached)))
        .annotate(
            is_recognised_browser=Exists(sessions),
            mailbox=Subquery(mailbox),
            has_confirmed_address=Exists(on_card.confirmed().filter(value=reached)),
        )
        .order_by("name", "pk")
    )


@compiled_query
def _find_clients_with_both(typed: str, reached: str, browser_digest: bytes) -> QuerySet[SigningInClient]:
    on_card = Contact.objects.filter(client=OuterRef("pk"), may_sign_in=True)
    return query_signing_in_clients(reached, browser_digest).filter(Exists(on_card.filter(value=typed)))


@compiled_query
def _find_clients_with_address(reached: str, browser_digest: bytes) -> QuerySet[SigningInClient]:
    return query_signing_in_clients(reached, browser_digest)


def _check_guess(
    business: Business, token: str, typed: str, purpose: ChallengePurpose, *, now: datetime
) -> tuple[Challenge, int]:
    """Count a guess, then compare it; return the challenge and the generation whose code was typed.

    What can't be a code of the challenge is no guess.
    """
    digest = tokens.digest_token(token)
    challenge = next(iter(_find_open_challenge(digest=digest, purpose=purpose, now=now)), None)
    if challenge is None:
        raise ChallengeClosed
    code = read_code(typed, lengths={challenge.code_length})
    if not code:
        raise UnreadableCode(challenge.code_length)
    _reject_old_code(challenge, code, now=now)
    counted = _count_guess.fetch_column("failures", pk=challenge.pk, now=now, max_guesses=settings.LOGIN_MAX_GUESSES)
    if not counted:
        raise ChallengeClosed
    [challenge.failures] = counted
    if challenge.failures > 1:
        recent = address_limits.list_recent_challenges(digest=challenge.digest, now=now)
        address_limits.check_guess_limit(recent, guessing=challenge, now=now)
    generation = _match_code(challenge, code, now=now)
    if generation is None or not get_code_destination(challenge, generation):
        _reject_guess(business, challenge, now=now)
    return challenge, generation


@compiled_query
def _find_open_challenge(digest: bytes, purpose: str, now: datetime) -> QuerySet[Challenge]:
    return Challenge.objects.filter(
        browser_digest=digest, purpose=purpose, closed_at=None, verified_at=None, expires_at__gt=now
    )


@compiled_update
def _count_guess(pk: UUID, now: datetime, max_guesses: int) -> tuple[QuerySet[Challenge], dict]:
    """Count a guess, before the transaction that verifies it; matches no row when no guess is allowed."""
    own = Challenge.objects.filter(pk=pk, failures__lt=max_guesses)
    open_challenges = own.filter(closed_at=None, verified_at=None, expires_at__gt=now)
    return open_challenges, {"failures": F("failures") + 1, "guessed_at": now}


def _reject_old_code(challenge: Challenge, code: str, *, now: datetime) -> None:
    """Say so if a code was typed that no longer works, without counting a guess. Raises OldCodeEntered.

    The codes that still work are not looked at before a guess is counted, so this tells nothing about them.
    """
    if challenge.failures >= settings.LOGIN_MAX_GUESSES:
        return
    try:
        is_old = sign_in_codes.matches_old_code(challenge, code, now=now)
    except sign_in_codes.CodeKeyRetired as error:
        raise ChallengeClosed from error
    if is_old and _record_old_code(challenge, now=now):
        raise OldCodeEntered(has_newer=bool(sign_in_codes.list_live_code_generations(challenge, now=now)))


@transaction.atomic
def _record_old_code(challenge: Challenge, *, now: datetime) -> bool:
    """Record the entry of an old code; False if it is to count as a guess, as it does from the fourth on."""
    entered = Challenge.objects.filter(pk=challenge.pk, old_codes_entered__lt=MAX_OLD_CODES)
    if not entered.update(old_codes_entered=F("old_codes_entered") + 1):
        return False
    _record_event(AccessEvent.OLD_CODE_ENTERED, challenge, now=now)
    return True


def _match_code(challenge: Challenge, code: str, *, now: datetime) -> int | None:
    try:
        return sign_in_codes.match_code(challenge, code, now=now)
    except sign_in_codes.CodeKeyRetired as error:
        raise ChallengeClosed from error


def _reject_guess(business: Business, challenge: Challenge, *, now: datetime) -> NoReturn:
    """Record a wrong guess on the timeline and for attack mode. Raises CodeRejected."""
    left = settings.LOGIN_MAX_GUESSES - challenge.failures
    event_type = AccessEvent.CODE_REJECTED if left else AccessEvent.CHALLENGE_LOCKED
    _record_event(event_type, challenge, guesses_left=left, now=now)
    attack_mode.count_failed_attempt(business=business, now=now)
    metrics.CODES_REJECTED.inc()
    raise CodeRejected(guesses_left=left)


def _record_event(event_type: AccessEvent, challenge: Challenge, *, now: datetime, **data: int) -> None:
    """Record on the timeline what somebody at the browser of a challenge did."""
    fields = {"client_id": challenge.client_id, "subject_id": challenge.pk, "actor": Entry.Actor.CLIENT}
    activity.record_event(event_type, at=now, **fields, **data)


def _claim_challenge(challenge: Challenge, generation: int, *, closed_at: datetime | None, now: datetime) -> None:
    """Mark the challenge verified, once. The right guess is taken off the failures; wrong ones stay counted."""
    verified_generation = None if generation == sign_in_codes.STAFF_ISSUED else generation
    if not _mark_challenge_verified(pk=challenge.pk, generation=verified_generation, closed_at=closed_at, now=now):
        raise ChallengeClosed
    if verified_generation is not None and challenge.channels[verified_generation] == Channel.SMS:
        mark_code_used(challenge.pk, generation=verified_generation, now=now)
    metrics.CODES_USED.inc()


@compiled_update
def _mark_challenge_verified(
    pk: UUID, generation: int | None, closed_at: datetime | None, now: datetime
) -> tuple[QuerySet[Challenge], dict]:
    unverified = Challenge.objects.filter(pk=pk, verified_at=None, closed_at=None)
    verification = {"verified_at": now, "verified_generation": generation, "closed_at": closed_at}
    return unverified, verification | {"failures": F("failures") - 1}
