"""Rate limits on the codes and wrong guesses of one address, counted from its challenges.

Browsers that are recognised, attempts that staff opened and all other browsers draw on a pool each, so
that a stranger who uses up one does not lock the owner out. Among strangers no network may spend more than
its share, and the last part of a pool is kept for browsers that sat out a wait. ADR 17 has the arithmetic.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from portal.access.models import Challenge, ChallengePool
from tenants.compiled_queries import compiled_query
from tenants.keyed_digests import KeyedDigest
from tenants.sliding_windows import DAY, HOUR, NetworkEvent, ShareLimit, check_limits
from tenants.visitor_networks import VisitorNetwork


@dataclass(frozen=True)
class Visitor:
    """Who asks for a code: the pool they draw on, their network, and whether they sat out a wait."""

    pool: ChallengePool
    network: VisitorNetwork
    has_waited: bool = False


def list_recent_challenges(*, digest: KeyedDigest, now: datetime) -> list[Challenge]:
    """Return the challenges of one address from which all its limits are counted."""
    start = get_counting_start(now)
    return _query_challenges_since(current=digest.current, previous=digest.previous, start=start)


def get_counting_start(now: datetime) -> datetime:
    """Return the creation time of the oldest challenge that counts: its last guess may be a day old."""
    return now - DAY - settings.LOGIN_CHALLENGE_LIFETIME


def get_visitor(challenge: Challenge, *, has_waited: bool) -> Visitor:
    """Return who opened a challenge, in whose name further codes of it are sent."""
    return Visitor(challenge.pool, challenge.network, has_waited)


def check_attempt_limit(challenges: Iterable[Challenge], *, visitor: Visitor, now: datetime) -> None:
    """Check that one more challenge may be opened, and its first code sent. Raises RateLimitExceeded.

    Each challenge has a first guess that is always checked. So the challenges whose first guess may lie in
    one window are limited as well as the codes sent in it.
    """
    in_pool = [challenge for challenge in challenges if challenge.pool == visitor.pool]
    check_sends(_list_sends(in_pool), visitor=visitor, now=now)
    check_sends([_build_event(one, one.guessed_at or one.created_at) for one in in_pool], visitor=visitor, now=now)


def check_resend_limit(challenges: Iterable[Challenge], *, visitor: Visitor, now: datetime) -> None:
    """Check that one more code may be sent for a challenge that is open. Raises RateLimitExceeded."""
    check_sends(_list_sends(one for one in challenges if one.pool == visitor.pool), visitor=visitor, now=now)


def check_sends(sends: list[NetworkEvent], *, visitor: Visitor, now: datetime) -> None:
    """Check that a visitor may cause one more send after these. Raises RateLimitExceeded."""
    is_stranger = visitor.pool == ChallengePool.UNRECOGNISED
    check_limits(
        sends,
        _get_send_limits(),
        visitor.network if is_stranger else None,
        keep_reserve=is_stranger and not visitor.has_waited,
        adding=1,
        now=now,
    )


def check_client_limit(challenges: Iterable[Challenge], *, now: datetime) -> None:
    """Check that a signed-in client may have one more code sent, to whichever address. Raises RateLimitExceeded."""
    check_limits(_list_sends(challenges), _get_send_limits(), None, keep_reserve=False, adding=1, now=now)


def check_guess_limit(challenges: Iterable[Challenge], *, guessing: Challenge, now: datetime) -> None:
    """Check that the guess that was just counted is within the limits. Raises RateLimitExceeded.

    The first guess of a challenge is, whatever was guessed elsewhere: what others may spend leaves room for it.
    """
    if guessing.failures <= 1:
        return
    further = [
        _build_event(challenge, challenge.guessed_at)
        for challenge in challenges
        if challenge.pool == guessing.pool and challenge.guessed_at
        for _failure in range(challenge.failures - 1)
    ]
    network = guessing.network if guessing.pool == ChallengePool.UNRECOGNISED else None
    check_limits(further, _get_further_guess_limits(), network, keep_reserve=False, adding=0, now=now)


@compiled_query
def _query_challenges_since(current: bytes, previous: bytes, start: datetime) -> QuerySet[Challenge]:
    of_address = Challenge.objects.filter(identifier_digest__in=[current, previous])
    return of_address.filter(created_at__gt=start).order_by("created_at")


def _get_send_limits() -> list[ShareLimit]:
    """Return the limits on codes, of which the reserve is for those who wait."""
    maxima = [(settings.LOGIN_SENDS_PER_HOUR, HOUR), (settings.LOGIN_SENDS_PER_DAY, DAY)]
    return [ShareLimit.divide(maximum, window) for maximum, window in maxima]


def _get_further_guess_limits() -> list[ShareLimit]:
    """Return the limits on wrong guesses after the first of each challenge: four fifths for a network."""
    maxima = [
        (settings.LOGIN_FAILURES_PER_HOUR - settings.LOGIN_SENDS_PER_HOUR, HOUR),
        (settings.LOGIN_FAILURES_PER_DAY - settings.LOGIN_SENDS_PER_DAY, DAY),
    ]
    return [ShareLimit.divide(maximum, window, network_fifths=4) for maximum, window in maxima]


def _list_sends(challenges: Iterable[Challenge]) -> list[NetworkEvent]:
    return [_build_event(challenge, at) for challenge in challenges for at in challenge.sent_at]


def _build_event(challenge: Challenge, at: datetime) -> NetworkEvent:
    return NetworkEvent(at, challenge.network)
