"""A model of signing in for the state machine: a scripted provider, and what is expected of a challenge."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings

from portal.access import services
from portal.access.models import Challenge
from tenants.models import Channel
from tenants.sliding_windows import RateLimitExceeded
from workers.providers.base import OutgoingMessage, SendResult, SendStatus

CODE_LIFETIME = settings.LOGIN_CODE_LIFETIME
CHALLENGE_LIFETIME = settings.LOGIN_CHALLENGE_LIFETIME
SENDS_PER_NETWORK_AND_HOUR, SENDS_PER_NETWORK_AND_DAY = 3, 6
# Beside the first guess of each attempt.
GUESSES_PER_NETWORK_AND_HOUR, GUESSES_PER_NETWORK_AND_DAY = 4, 8
EXPECTED_ERRORS = (
    RateLimitExceeded,
    Challenge.DoesNotExist,
    services.ChallengeClosed,
    services.CodeRejected,
    services.OldCodeEntered,
    services.ResendRefused,
)


class WorkerKilled(BaseException):
    """The worker was killed between two instructions, without any clean-up."""


class ScriptedProvider:
    """A provider that behaves as `next` says, and records every message it received."""

    name = "scripted"

    def __init__(self, clock: Callable[[], datetime]):
        self.breaker = self
        self.next = "accepts"
        self.received: dict[object, list[tuple[datetime, str]]] = {}
        self._clock = clock

    def allow_call(self) -> bool:
        return True

    def cancel_call(self) -> None:
        """Forget a call that was allowed and not made; an ever-closed breaker remembers none."""

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        if self.next == "dies before":
            raise WorkerKilled
        if self.next == "is busy":
            return SendResult(SendStatus.RETRYABLE, "unreachable")
        self.received.setdefault(outgoing.delivery_id, []).append((self._clock(), outgoing.text))
        if self.next == "dies after":
            raise WorkerKilled
        return (
            SendResult(SendStatus.UNKNOWN, "timeout") if self.next == "is silent" else SendResult(SendStatus.ACCEPTED)
        )


class ChallengeExpectation:
    """The expected state of a challenge: when its codes were sent, its guesses, and whether it is verified."""

    def __init__(self, challenge: Challenge, token: str, now: datetime):
        self.pk, self.token, self.created_at = challenge.pk, token, now
        self.sent: list[datetime] = [now]
        self.channels_used: list[Channel] = [Channel.EMAIL]
        self.guesses = 0
        self.old_codes_entered = 0
        self.guessed_at: datetime | None = None
        self.is_verified = False

    def accepts_codes(self, now: datetime) -> bool:
        return (
            not self.is_verified
            and now < self.created_at + CHALLENGE_LIFETIME
            and self.guesses < settings.LOGIN_MAX_GUESSES
        )

    def live_code_generations(self, now: datetime) -> set[int]:
        newest = range(max(0, len(self.sent) - 2), len(self.sent))
        return {generation for generation in newest if now - self.sent[generation] <= CODE_LIFETIME}

    def old_code_generations(self, now: datetime) -> set[int]:
        return set(range(len(self.sent))) - self.live_code_generations(now)


def has_share_left(instants: Iterable[datetime], *, now: datetime) -> bool:
    """Tell whether the one network of all browsers has some of its share left after what it did at these instants."""
    hour, day = _count_in_hour_and_day(list(instants), now=now)
    return hour < SENDS_PER_NETWORK_AND_HOUR and day < SENDS_PER_NETWORK_AND_DAY


def is_over_guess_share(
    guessing: ChallengeExpectation, challenges: list[ChallengeExpectation], *, now: datetime
) -> bool:
    """Tell whether one more guess, if it is not the attempt's first, exceeds the share of the network."""
    guesses = {one: one.guesses + (one is guessing) for one in challenges}
    last = {one: now if one is guessing else one.guessed_at for one in challenges}
    further = [last[one] for one in challenges for _guess in range(guesses[one] - 1) if last[one]]
    hour, day = _count_in_hour_and_day(further, now=now)
    is_over = hour > GUESSES_PER_NETWORK_AND_HOUR or day > GUESSES_PER_NETWORK_AND_DAY
    return is_over and guessing.guesses > 0


def _count_in_hour_and_day(instants: list[datetime], *, now: datetime) -> tuple[int, int]:
    hour, day = (sum(at > now - timedelta(hours=hours) for at in instants) for hours in (1, 24))
    return hour, day
