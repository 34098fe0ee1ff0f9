"""A model of signing in for the state machine: a scripted provider, and what is expected of a challenge."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from portal.access import services
from portal.access.address_limits import RateLimitExceeded
from portal.access.models import Challenge
from tenants.models import Channel
from workers.providers.base import OutgoingMessage, SendResult, SendStatus

CODE_LIFETIME = settings.LOGIN_CODE_LIFETIME
CHALLENGE_LIFETIME = settings.LOGIN_CHALLENGE_LIFETIME
EXPECTED_ERRORS = (
    RateLimitExceeded,
    Challenge.DoesNotExist,
    services.ChallengeClosed,
    services.CodeRejected,
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
