"""The interface of every provider: what is sent, and the result."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from tenants.mail_attachments import MailAttachment
from tenants.senders import Sender

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One rendered message for a provider. Its repr and logs never show recipient or text."""

    delivery_id: UUID
    portal_host: str
    deadline_at: datetime
    kind: str
    channel: str
    sender: Sender
    from_name: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    attachments: tuple[MailAttachment, ...] = field(default=(), repr=False)


class SendStatus(StrEnum):
    """How a call to a provider ended."""

    ACCEPTED = "accepted"
    # Final: neither a retry nor another provider would accept it.
    REFUSED = "refused"
    # Certainly not accepted: another provider may be tried at once.
    RETRYABLE = "retryable"
    # It may have been accepted: another call may reach the person twice.
    UNKNOWN = "unknown"
    # No request could be built from the message, so no provider was called.
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class SendResult:
    """The status of a call and, unless accepted, its reason: a code from portal.messaging.failure_reasons.

    `message_id` is the id under which the provider accepted the message, if it said one.
    """

    status: SendStatus
    reason: str = ""
    message_id: str = ""


ACCEPTED = SendResult(SendStatus.ACCEPTED)


class SendError(Exception):
    """A provider did not accept a message; carries the result of the call."""

    def __init__(self, status: SendStatus, reason: str):
        super().__init__(f"{status}: {reason}")
        self.result = SendResult(status, reason)


@contextmanager
def catch_build_errors() -> Iterator[None]:
    """Turn errors while building a request into SendStatus.INVALID: they are no fault of the provider."""
    try:
        yield
    except Exception as error:
        # The error may quote the message, so only its type is logged.
        log.error("a message makes no request: %s", type(error).__name__)
        raise SendError(SendStatus.INVALID, "unrenderable") from None


class Provider(Protocol):
    """A service that sends messages. It raises nothing but SendError and keeps no state but its connections."""

    name: str

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        """Send one message, in at most PROVIDER_CONNECT_TIMEOUT + PROVIDER_READ_TIMEOUT."""
        ...
