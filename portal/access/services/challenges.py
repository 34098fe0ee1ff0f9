"""How does a person ask for a code, and for another one?"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from portal.access import attacks, budgets, codes, tokens
from portal.access.models import Challenge, ClientSession, Purpose
from portal.access.services.destinations import CHANNEL_OF, OnFile, held, lock_key, on_file
from portal.access.services.sending import Route, send_code
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
class Asking:
    """A request for a code: by whom, from which browser, in which circumstances."""

    identifier: Identifier
    browser_digest: bytes
    language: str
    ticket: str = ""


def request_code(*, business: Business, asking: Asking, under_attack: bool, now: datetime) -> tuple[Challenge, str]:
    """Open a challenge, queue its first code and return both challenge and token, whoever asks.

    People we do not know cost the same statements and get the same answer. Raises
    BudgetSpent, and StepRequired when attack mode asks a wait of this browser.
    """
    try:
        with transaction.atomic():
            return _request(business, asking, under_attack=under_attack, now=now)
    except IntegrityError as error:
        if not asking.ticket:
            raise
        # Another request came with the same ticket at the same moment, and was let in.
        raise _step(business) from error


@transaction.atomic
def resend_code(
    *, business: Business, token: str, channel: Channel | None, browser_digest: bytes, language: str, now: datetime
) -> Challenge:
    """Queue one more code for an open challenge; the code before it keeps working until its own expiry.

    Raises ResendRefused when the wait is not over or no sends are left, BudgetSpent, and
    Challenge.DoesNotExist when nothing is open.
    """
    challenge = Challenge.objects.select_for_update().get(
        browser_digest=tokens.digest(token), closed_at=None, proven_at=None, expires_at__gt=now
    )
    channel = channel or Channel(challenge.channels[-1])
    profile = profiles.current_locking(lock_key(business, bytes(challenge.identifier_digest)))
    check_resend(challenge, channel, profile=profile, now=now)
    past = budgets.recent(digest=bytes(challenge.identifier_digest), now=now)
    budgets.check_sends(past, recognised=challenge.recognised, now=now)
    destination = resend_destination(business, challenge, channel, profile, browser_digest, now=now)
    send_code(challenge, Route(channel, channel, destination), language=language, now=now)
    return challenge


def check_resend(challenge: Challenge, channel: Channel, *, profile: Profile, now: datetime) -> None:
    """Make sure a further code may be sent by this channel now. Raises ResendRefused.

    Each channel has a wait of its own: whoever can't read their mail need not wait for a text.
    """
    if len(challenge.sent_at) >= settings.LOGIN_MAX_SENDS or challenge.failures >= settings.LOGIN_MAX_GUESSES:
        raise ResendRefused(retry_at=None)
    opens_at = resend_opens_at(challenge, channel, profile=profile)
    if opens_at and opens_at > now:
        raise ResendRefused(retry_at=opens_at)


def resend_opens_at(challenge: Challenge, channel: Channel, *, profile: Profile) -> datetime | None:
    """Return when a further code may go by this channel; None when it was never used."""
    sent = [at for at, used in zip(challenge.sent_at, challenge.channels, strict=True) if used == channel]
    return sent[-1] + (profile.resend_wait or settings.LOGIN_RESEND_WAIT) if sent else None


@transaction.atomic
def open_challenge(
    *,
    business: Business,
    session: ClientSession,
    purpose: Purpose,
    identifier: Identifier,
    language: str,
    now: datetime,
) -> tuple[Challenge, str]:
    """Open a challenge for somebody who is signed in: to prove it is still them, or that a new address is theirs.

    A new address may be a stranger's, so it is counted on the strangers' budget, and on the client's own.
    Raises BudgetSpent.
    """
    is_own = purpose == Purpose.STEP_UP
    digest = tokens.identifier_digest(identifier)
    profiles.current_locking(lock_key(business, digest))
    budgets.check_sends(budgets.recent(digest=digest, now=now), recognised=is_own, now=now)
    # Otherwise a client could have codes sent to any number of strangers, at the business's cost; also all at once.
    profiles.current_locking(lock_key(business, session.client_id.bytes))
    own = Challenge.objects.filter(client=session.client_id, purpose=purpose, created_at__gt=now - budgets.DAY)
    budgets.check_sends(own, recognised=is_own, now=now)
    token = tokens.new_token()
    challenge = _new_challenge(
        identifier,
        token=token,
        purpose=purpose,
        address=identifier.value,
        client_id=session.client_id,
        recognised=is_own,
        digits=settings.LOGIN_CODE_DIGITS,
        now=now,
    )
    channel = CHANNEL_OF[identifier.kind]
    send_code(challenge, Route(channel, channel, identifier.value), language=language, now=now)
    return challenge, token


def find_challenge(*, token: str, purpose: Purpose, now: datetime) -> Challenge | None:
    """Return the challenge a browser has under way, whether or not it may still be answered."""
    return Challenge.objects.filter(
        browser_digest=tokens.digest(token), purpose=purpose, closed_at=None, proven_at=None, expires_at__gt=now
    ).first()


def code_context(message: Message, *, now: datetime) -> dict[str, Any] | None:
    """Return what the wording of a code message needs, the code included; None once it is pointless to send."""
    challenge = next(iter(_live_challenge(key=message.about_id)), None)
    generation = message.data["generation"]
    if challenge is None or generation not in codes.live_generations(challenge, now=now):
        return None
    left = challenge.sent_at[generation] + settings.LOGIN_CODE_LIFETIME - now
    return {"code": codes.derive(challenge, generation), "minutes": max(1, round(left.total_seconds() / 60))}


@compiled_query
def _live_challenge(key: uuid.UUID) -> QuerySet[Challenge]:
    return Challenge.objects.filter(pk=key, closed_at=None, proven_at=None)


def _request(business: Business, asking: Asking, *, under_attack: bool, now: datetime) -> tuple[Challenge, str]:
    digest = tokens.identifier_digest(asking.identifier)
    profile = profiles.current_locking(lock_key(business, digest))
    found = on_file(asking.identifier, browser_digest=asking.browser_digest, now=now)
    token = _token(business, asking, found, under_attack=under_attack, now=now)
    past = budgets.recent(digest=digest, now=now)
    budgets.check_sends(past, recognised=found.recognised, now=now)
    challenge = _new_challenge(
        asking.identifier,
        token=token,
        purpose=Purpose.SIGN_IN,
        address=found.address,
        client_id=found.client_id,
        recognised=found.recognised,
        digits=settings.LOGIN_CODE_DIGITS_UNDER_ATTACK if under_attack else settings.LOGIN_CODE_DIGITS,
        now=now,
    )
    send_code(
        challenge, _first_route(business, asking.identifier, found, profile, now=now), language=asking.language, now=now
    )
    return challenge, token


def _new_challenge(identifier: Identifier, *, token: str, now: datetime, **facts: Any) -> Challenge:
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


def _token(business: Business, asking: Asking, found: OnFile, *, under_attack: bool, now: datetime) -> str:
    """Return the challenge's token: a fresh one, or in attack mode the one that sat out the wait."""
    if not under_attack or found.recognised:
        return tokens.new_token()
    token = attacks.redeem(asking.ticket, business=business, now=now) if asking.ticket else None
    if token is None or Challenge.objects.filter(browser_digest=tokens.digest(token)).exists():
        raise _step(business)
    return token


def _step(business: Business) -> attacks.StepRequired:
    return attacks.StepRequired(ticket=attacks.new_ticket(tokens.new_token(), business=business))


def _first_route(
    business: Business, identifier: Identifier, found: OnFile, profile: Profile, *, now: datetime
) -> Route:
    """Return the way of the first code: a number that was typed is texted, else the business's preference counts.

    A preferred text falls back to the mailbox when there is no mobile on file, as the page says.
    """
    own = CHANNEL_OF[identifier.kind]
    channel = own if own == Channel.SMS else Channel(profile.default_channel)
    destination = _destination(business, found, channel, identifier, profile, now=now)
    if destination or channel == own:
        return Route(channel, channel, destination)
    return Route(channel, own, found.destination(own, identifier=identifier, profile=profile))


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
    own = CHANNEL_OF[Contact.Kind(challenge.identifier_kind)]
    if challenge.purpose != Purpose.SIGN_IN:
        return challenge.address if channel == own else ""
    identifier = Identifier(Contact.Kind(challenge.identifier_kind), challenge.address)
    found = on_file(identifier, browser_digest=browser_digest, now=now)
    return _destination(business, found, channel, identifier, profile, now=now)


def _destination(
    business: Business, found: OnFile, channel: Channel, identifier: Identifier, profile: Profile, *, now: datetime
) -> str:
    """Return where a code may go, within the budget of that address even where another one was typed."""
    chosen = found.destination(channel, identifier=identifier, profile=profile)
    if channel == CHANNEL_OF[identifier.kind] or found.recognised:
        return chosen
    return held(chosen, channel, business=business, now=now)
