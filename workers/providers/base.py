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
class OutgoingMessage:
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


class SendStatus(StrEnum):
    """What a call to a provider came to."""

    ACCEPTED = "accepted"
    # For good: asking again, or asking another provider, would change nothing.
    REFUSED = "refused"
    # Certainly not taken: another provider may be asked at once.
    RETRYABLE = "retryable"
    # It may have been taken: another call may reach the person a second time.
    UNKNOWN = "unknown"
    # Nobody was asked, for the message makes no request: that says nothing of the provider.
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class SendResult:
    """A verdict and, unless accepted, its reason: a code from portal.messaging.reasons."""

    status: SendStatus
    reason: str = ""


ACCEPTED = SendResult(SendStatus.ACCEPTED)


class SendError(Exception):
    """Raised inside a provider to end a call with an outcome."""

    def __init__(self, status: SendStatus, reason: str):
        super().__init__(f"{status}: {reason}")
        self.result = SendResult(status, reason)


@contextmanager
def catch_build_errors() -> Iterator[None]:
    """Hold what makes a request of a message: what fails in here is the message's fault, never the provider's."""
    try:
        yield
    except Exception as error:
        # Its words may quote the message, so only its kind is told.
        log.error("a message makes no request: %s", type(error).__name__)
        raise SendError(SendStatus.INVALID, "unrenderable") from None


class Provider(Protocol):
    """Somebody who carries messages. Raises nothing but SendError; keeps no state but its connections."""

    name: str

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        """Hand one message over, in at most PROVIDER_CONNECT_TIMEOUT + PROVIDER_READ_TIMEOUT."""
        ...
