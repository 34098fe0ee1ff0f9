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


class BudgetSpent(Exception):
    """Too many codes or guesses for one address; `retry_at` says when there is room again."""

    def __init__(self, retry_at: datetime):
        super().__init__("budget spent")
        self.retry_at = retry_at


@dataclass(frozen=True)
class Limit:
    """So many within so long."""

    most: int
    window: timedelta


def send_limits() -> list[Limit]:
    """Return how many codes an address may be sent."""
    return [Limit(settings.LOGIN_SENDS_PER_HOUR, HOUR), Limit(settings.LOGIN_SENDS_PER_DAY, DAY)]


def failure_limits() -> list[Limit]:
    """Return how many wrong guesses an address may suffer."""
    return [Limit(settings.LOGIN_FAILURES_PER_HOUR, HOUR), Limit(settings.LOGIN_FAILURES_PER_DAY, DAY)]


def recent(*, digest: bytes, now: datetime) -> list[Challenge]:
    """Return the last day's challenges of one address: all that its budgets are counted from."""
    return _since(digest=digest, start=now - DAY)


def check_sends(challenges: Iterable[Challenge], *, recognised: bool, now: datetime) -> None:
    """Make sure one more code may be sent. Raises BudgetSpent."""
    sent = [at for challenge in challenges if challenge.recognised == recognised for at in challenge.sent_at]
    _check(sent, send_limits(), room_for=1, now=now)


def has_room(sent: list[datetime], *, now: datetime) -> bool:
    """Tell whether one more code may follow those that were sent at these instants."""
    try:
        _check(sent, send_limits(), room_for=1, now=now)
    except BudgetSpent:
        return False
    return True


def check_failures(challenges: Iterable[Challenge], *, recognised: bool, now: datetime) -> None:
    """Make sure the guess that was just counted is still within the limits. Raises BudgetSpent."""
    failed = [
        challenge.guessed_at
        for challenge in challenges
        if challenge.recognised == recognised and challenge.guessed_at
        for _failure in range(challenge.failures)
    ]
    _check(failed, failure_limits(), room_for=0, now=now)


@compiled_query
def _since(digest: bytes, start: datetime) -> QuerySet[Challenge]:
    return Challenge.objects.filter(identifier_digest=digest, created_at__gt=start).order_by("created_at")


def _check(instants: list[datetime], limits: list[Limit], *, room_for: int, now: datetime) -> None:
    for limit in limits:
        within = sorted(at for at in instants if at > now - limit.window)
        if len(within) + room_for > limit.most:
            raise BudgetSpent(retry_at=within[len(within) + room_for - limit.most - 1] + limit.window)
