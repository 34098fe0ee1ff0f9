"""What should be true of an attempt to sign in? As much as the state machine needs to know, and no more."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from portal.access import services
from portal.access.address_limits import RateLimitExceeded
from portal.access.models import Challenge
from tenants.models import Channel
from workers.providers.base import OutgoingMessage, SendResult, SendStatus

LIVE = settings.LOGIN_CODE_LIFETIME
LASTS = settings.LOGIN_CHALLENGE_LIFETIME
REFUSALS = (
    RateLimitExceeded,
    Challenge.DoesNotExist,
    services.ChallengeClosed,
    services.CodeRejected,
    services.ResendRefused,
)


class Killed(BaseException):
    """The worker is gone, between one instruction and the next; nothing can be tidied up."""


class Carrier:
    """A provider that does as it is told next, and remembers every message that reached it."""

    name = "carrier"

    def __init__(self, clock: Callable[[], datetime]):
        self.breaker = self
        self.next = "accepts"
        self.took: dict[object, list[tuple[datetime, str]]] = {}
        self._clock = clock

    def allow_call(self) -> bool:
        return True

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        if self.next == "dies before":
            raise Killed
        if self.next == "is busy":
            return SendResult(SendStatus.RETRYABLE, "unreachable")
        self.took.setdefault(outgoing.delivery_id, []).append((self._clock(), outgoing.text))
        if self.next == "dies after":
            raise Killed
        return (
            SendResult(SendStatus.UNKNOWN, "timeout") if self.next == "is silent" else SendResult(SendStatus.ACCEPTED)
        )


class Attempt:
    """What the model knows of one challenge: its codes by when they were sent, its guesses, and whether it is done."""

    def __init__(self, challenge: Challenge, token: str, now: datetime):
        self.pk, self.token, self.born = challenge.pk, token, now
        self.sent: list[datetime] = [now]
        self.used: list[Channel] = [Channel.EMAIL]
        self.guesses = 0
        self.guessed_at: datetime | None = None
        self.is_done = False

    def is_open(self, now: datetime) -> bool:
        return not self.is_done and now < self.born + LASTS and self.guesses < settings.LOGIN_MAX_GUESSES

    def live(self, now: datetime) -> set[int]:
        newest = range(max(0, len(self.sent) - 2), len(self.sent))
        return {generation for generation in newest if now - self.sent[generation] <= LIVE}
