"""Rate limits on the codes and wrong guesses of one address, counted from its challenges.

Recognised and unrecognised browsers are counted separately, so that a stranger who uses up
an address's limit cannot lock its owner out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from portal.access.models import Challenge
from tenants.compiled_queries import compiled_query

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class RateLimitExceeded(Exception):
    """An address had too many codes or wrong guesses; `retry_at` says when the next one is allowed."""

    def __init__(self, retry_at: datetime):
        super().__init__("rate limit exceeded")
        self.retry_at = retry_at


@dataclass(frozen=True)
class RateLimit:
    """At most `maximum` events within a sliding window."""

    maximum: int
    window: timedelta


def get_send_limits() -> list[RateLimit]:
    """Return the limits on codes sent to one address."""
    return [RateLimit(settings.LOGIN_SENDS_PER_HOUR, HOUR), RateLimit(settings.LOGIN_SENDS_PER_DAY, DAY)]


def get_failure_limits() -> list[RateLimit]:
    """Return the limits on wrong guesses at one address."""
    return [RateLimit(settings.LOGIN_FAILURES_PER_HOUR, HOUR), RateLimit(settings.LOGIN_FAILURES_PER_DAY, DAY)]


def list_recent_challenges(*, digest: bytes, now: datetime) -> list[Challenge]:
    """Return the challenges of one address from the last 24 hours, which all its limits are counted from."""
    return _query_challenges_since(digest=digest, start=now - DAY)


def check_send_limit(challenges: Iterable[Challenge], *, is_recognised_browser: bool, now: datetime) -> None:
    """Check that one more code may be sent. Raises RateLimitExceeded."""
    sent = [
        at
        for challenge in challenges
        if challenge.is_recognised_browser == is_recognised_browser
        for at in challenge.sent_at
    ]
    _check_limits(sent, get_send_limits(), adding=1, now=now)


def is_within_limit(sent: list[datetime], *, now: datetime) -> bool:
    """Tell whether one more code may be sent after those sent at these instants."""
    try:
        _check_limits(sent, get_send_limits(), adding=1, now=now)
    except RateLimitExceeded:
        return False
    return True


def check_failure_limit(challenges: Iterable[Challenge], *, is_recognised_browser: bool, now: datetime) -> None:
    """Check that the guess that was just counted is within the limits. Raises RateLimitExceeded."""
    failed = [
        challenge.guessed_at
        for challenge in challenges
        if challenge.is_recognised_browser == is_recognised_browser and challenge.guessed_at
        for _failure in range(challenge.failures)
    ]
    _check_limits(failed, get_failure_limits(), adding=0, now=now)


@compiled_query
def _query_challenges_since(digest: bytes, start: datetime) -> QuerySet[Challenge]:
    return Challenge.objects.filter(identifier_digest=digest, created_at__gt=start).order_by("created_at")


def _check_limits(instants: list[datetime], limits: list[RateLimit], *, adding: int, now: datetime) -> None:
    for limit in limits:
        within = sorted(at for at in instants if at > now - limit.window)
        if len(within) + adding > limit.maximum:
            raise RateLimitExceeded(retry_at=within[len(within) + adding - limit.maximum - 1] + limit.window)
