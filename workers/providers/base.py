"""What does every provider promise?"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message, ready to go. What it says and whom it reaches never show in its repr, nor in a log."""

    delivery_id: UUID
    portal_host: str
    deadline_at: datetime
    kind: str
    channel: str
    from_name: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


class Verdict(StrEnum):
    """What a call to a provider came to."""

    ACCEPTED = "accepted"
    # For good: asking again, or asking another provider, would change nothing.
    REFUSED = "refused"
    # Certainly not taken: another provider may be asked at once.
    BUSY = "busy"
    # It may have been taken: another call may reach the person a second time.
    UNCLEAR = "unclear"
    # Nobody was asked, for the message makes no request: that says nothing of the provider.
    UNMADE = "unmade"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict and, unless accepted, its reason: a code from portal.messaging.reasons."""

    verdict: Verdict
    reason: str = ""


ACCEPTED = Outcome(Verdict.ACCEPTED)


class NotAccepted(Exception):
    """Raised inside a provider to end a call with an outcome."""

    def __init__(self, verdict: Verdict, reason: str):
        super().__init__(f"{verdict}: {reason}")
        self.outcome = Outcome(verdict, reason)


@contextmanager
def building() -> Iterator[None]:
    """Hold what makes a request of a message: what fails in here is the message's fault, never the provider's."""
    try:
        yield
    except Exception as error:
        # Its words may quote the message, so only its kind is told.
        log.error("a message makes no request: %s", type(error).__name__)
        raise NotAccepted(Verdict.UNMADE, "unrenderable") from None


class Provider(Protocol):
    """Somebody who carries messages. Raises nothing but NotAccepted; keeps no state but its connections."""

    name: str

    def send(self, envelope: Envelope) -> Outcome:
        """Hand one message over, in at most PROVIDER_CONNECT_TIMEOUT + PROVIDER_READ_TIMEOUT."""
        ...
