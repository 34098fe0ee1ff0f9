"""How many codes and guesses does an address have left? The challenges themselves are the count.

Strangers and browsers that are recognised as the client's own are counted apart, so that
a stranger who spends an address's budget can't keep its owner out.
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
    """Too many codes or guesses for one address; `retry_at` says when there is room again."""

    def __init__(self, retry_at: datetime):
        super().__init__("budget spent")
        self.retry_at = retry_at


@dataclass(frozen=True)
class RateLimit:
    """So many within so long."""

    maximum: int
    window: timedelta


def send_limits() -> list[RateLimit]:
    """Return how many codes an address may be sent."""
    return [RateLimit(settings.LOGIN_SENDS_PER_HOUR, HOUR), RateLimit(settings.LOGIN_SENDS_PER_DAY, DAY)]


def failure_limits() -> list[RateLimit]:
    """Return how many wrong guesses an address may suffer."""
    return [RateLimit(settings.LOGIN_FAILURES_PER_HOUR, HOUR), RateLimit(settings.LOGIN_FAILURES_PER_DAY, DAY)]


def recent_challenges(*, digest: bytes, now: datetime) -> list[Challenge]:
    """Return the last day's challenges of one address: all that its budgets are counted from."""
    return _challenges_since(digest=digest, start=now - DAY)


def check_send_limit(challenges: Iterable[Challenge], *, is_recognised_browser: bool, now: datetime) -> None:
    """Make sure one more code may be sent. Raises RateLimitExceeded."""
    sent = [
        at
        for challenge in challenges
        if challenge.is_recognised_browser == is_recognised_browser
        for at in challenge.sent_at
    ]
    _check(sent, send_limits(), adding=1, now=now)


def within_limit(sent: list[datetime], *, now: datetime) -> bool:
    """Tell whether one more code may follow those that were sent at these instants."""
    try:
        _check(sent, send_limits(), adding=1, now=now)
    except RateLimitExceeded:
        return False
    return True


def check_failure_limit(challenges: Iterable[Challenge], *, is_recognised_browser: bool, now: datetime) -> None:
    """Make sure the guess that was just counted is still within the limits. Raises RateLimitExceeded."""
    failed = [
        challenge.guessed_at
        for challenge in challenges
        if challenge.is_recognised_browser == is_recognised_browser and challenge.guessed_at
        for _failure in range(challenge.failures)
    ]
    _check(failed, failure_limits(), adding=0, now=now)


@compiled_query
def _challenges_since(digest: bytes, start: datetime) -> QuerySet[Challenge]:
    return Challenge.objects.filter(identifier_digest=digest, created_at__gt=start).order_by("created_at")


def _check(instants: list[datetime], limits: list[RateLimit], *, adding: int, now: datetime) -> None:
    for limit in limits:
        within = sorted(at for at in instants if at > now - limit.window)
        if len(within) + adding > limit.maximum:
            raise RateLimitExceeded(retry_at=within[len(within) + adding - limit.maximum - 1] + limit.window)
