"""Challenges that a passkey signs: signed by us, for one purpose, portal and holder, for five minutes and one answer.

Issuing one writes nothing, so nobody can fill the database by opening the sign-in page.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.core.signing import BadSignature, Signer

from portal.passkeys.models import UsedChallenge
from tenants import tokens
from tenants.models import Business

CHALLENGE_LIFETIME = timedelta(minutes=5)
MAX_STATE_LENGTH = 400


class ChallengePurpose(StrEnum):
    """What the answer to a challenge does."""

    SIGN_IN = "sign-in"
    REGISTRATION = "registration"


class InvalidChallenge(Exception):
    """The challenge was answered before, has expired, or was issued to somebody else or for something else."""


@dataclass(frozen=True)
class PasskeyChallenge:
    """The bytes that a passkey signs, and the signed text that a browser sends back with them."""

    state: str

    @property
    def value(self) -> bytes:
        """Return what the passkey signs. The state has 256 random bits, so nobody can foresee it."""
        return hashlib.sha256(self.state.encode()).digest()


def issue_challenge(*, business: Business, purpose: ChallengePurpose, holder: str, now: datetime) -> PasskeyChallenge:
    """Return a challenge that only `holder` can answer: the secret of a browser, or a session."""
    content = [tokens.generate_token(), int(now.timestamp() * 1000), _digest_holder(holder)]
    return PasskeyChallenge(_get_signer(business, purpose).sign_object(content))


def redeem_challenge(
    *, business: Business, purpose: ChallengePurpose, holder: str, state: str, now: datetime
) -> PasskeyChallenge:
    """Use a challenge up, whatever its answer is worth. Raises InvalidChallenge."""
    if len(state) > MAX_STATE_LENGTH:
        raise InvalidChallenge
    try:
        _nonce, issued_ms, holder_digest = _get_signer(business, purpose).unsign_object(state)
    except (BadSignature, ValueError) as error:
        raise InvalidChallenge from error
    is_expired = now - datetime.fromtimestamp(issued_ms / 1000, UTC) > CHALLENGE_LIFETIME
    if is_expired or not holder or holder_digest != _digest_holder(holder):
        raise InvalidChallenge
    challenge = PasskeyChallenge(state)
    _mark_used(challenge, now=now)
    return challenge


def _mark_used(challenge: PasskeyChallenge, *, now: datetime) -> None:
    # The constraint decides which of several concurrent answers is the first; the others insert nothing.
    used = UsedChallenge(digest=challenge.value, used_at=now)
    UsedChallenge.objects.bulk_create([used], ignore_conflicts=True)
    if not UsedChallenge.objects.filter(pk=used.pk).exists():
        raise InvalidChallenge


def _digest_holder(holder: str) -> str:
    return tokens.digest_token(holder).hex()


def _get_signer(business: Business, purpose: ChallengePurpose) -> Signer:
    return Signer(salt=f"portal.passkeys.{purpose}/{business.pk}")
