"""Which rows would a past sign-in have left behind?"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.db.models import Model

from portal.access import codes, tokens
from portal.access.models import Challenge, ClientSession
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.activity.services import build_entry
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact
from portal.demo.plots import Plot
from portal.messaging.models import Message, MessageKind
from portal.messaging.services import build_message
from tenants.models import Channel, DeliveryState

PROVIDERS = {Channel.EMAIL: "sendgrid", Channel.SMS: "twilio"}
OUTCOMES = {
    "accepted": (DeliveryState.ACCEPTED, EventType.CODE_SENT, Entry.Actor.SYSTEM),
    "deferred": (DeliveryState.DEFERRED, EventType.MESSAGE_DEFERRED, Entry.Actor.PROVIDER),
    "delivered": (DeliveryState.DELIVERED, EventType.MESSAGE_DELIVERED, Entry.Actor.PROVIDER),
    "bounced": (DeliveryState.BOUNCED, EventType.MESSAGE_BOUNCED, Entry.Actor.PROVIDER),
}


class Ledger:
    """Rows of the past, gathered to be written in a few statements."""

    def __init__(self) -> None:
        self.rows: dict[type[Model], list[Model]] = {Challenge: [], ClientSession: [], Message: [], Entry: []}

    def add(self, row: Model) -> None:
        """Keep a row until all are written."""
        self.rows[type(row)].append(row)

    def write(self) -> None:
        """Write every row into the schema this thread works in."""
        for model, rows in self.rows.items():
            model._default_manager.bulk_create(rows)


@dataclass
class Visitor:
    """Somebody at a browser, known to the business or not, with the address they type."""

    identifier: Identifier
    device: str
    client: Client | None = None
    mailbox: str = ""
    browser_digest: bytes = b""
    last_session: ClientSession | None = None
    random: Random = field(default_factory=Random)


class Attempt:
    """One past sign-in. Each step of its plot adds what the real one would have written."""

    def __init__(self, ledger: Ledger, visitor: Visitor, *, start: datetime, remember_me: bool = False):
        self.ledger, self.visitor, self.start, self.remember_me = ledger, visitor, start, remember_me
        self.at = start
        self.channel = Channel.SMS if visitor.identifier.kind == Contact.Kind.PHONE else Channel.EMAIL
        self.session: ClientSession | None = None
        self.message: Message
        self.challenge = Challenge(
            id=uuid.UUID(int=visitor.random.getrandbits(128), version=4),
            browser_digest=visitor.random.randbytes(32),
            identifier_digest=tokens.identifier_digest(visitor.identifier),
            identifier_masked=visitor.identifier.masked,
            identifier_kind=visitor.identifier.kind,
            address=visitor.identifier.value if visitor.client else "",
            client=visitor.client,
            is_recognised_browser=visitor.last_session is not None,
            key_id=codes.current_key_id(),
            created_at=start,
            expires_at=start + settings.LOGIN_CHALLENGE_LIFETIME,
        )
        ledger.add(self.challenge)

    def play(self, plot: Plot) -> None:
        """Go through the plot, step by step."""
        for step in plot:
            self.at = self.start + timedelta(seconds=step.after)
            if step.what in OUTCOMES:
                self._outcome(step.what, step.reason)
            else:
                STEPS[step.what](self)

    def ask(self, event_type: EventType = EventType.CODE_REQUESTED) -> None:
        """Ask for a code, or for another one."""
        to = self.challenge.address
        self.challenge.sent_at.append(self.at)
        self.challenge.channels.append(self.channel)
        self.challenge.destinations.append(to)
        data = {"generation": len(self.challenge.sent_at) - 1}
        self.message = self._draft(MessageKind.SIGN_IN_CODE, self.channel, to, subject_id=self.challenge.pk, data=data)
        masked = self.visitor.identifier.masked
        self._tell(event_type, channel=self.channel, typed=masked, known=bool(to), sendable=bool(to))

    def resend(self) -> None:
        """Ask for another code, by the same channel."""
        self.ask(EventType.CODE_RESENT)

    def mistype(self) -> None:
        """Type a wrong code."""
        self.challenge.failures += 1
        self.challenge.guessed_at = self.at
        left = settings.LOGIN_MAX_GUESSES - self.challenge.failures
        self._tell(EventType.CODE_REJECTED if left else EventType.CHALLENGE_LOCKED, guesses_left=left)

    def sign_in(self) -> None:
        """Type the right code."""
        self.challenge.verified_at = self.challenge.closed_at = self.challenge.guessed_at = self.at
        self.challenge.verified_generation = len(self.challenge.sent_at) - 1
        self.session = session = self._open_session()
        is_new = self.visitor.last_session is None
        self._tell(EventType.SIGNED_IN, subject_id=session.pk, device=session.device, new_browser=is_new)
        if is_new and self.visitor.mailbox:
            self._notice(session)

    def sign_out(self) -> None:
        """Leave the portal."""
        if session := self.session:
            session.ended_at = session.used_at = self.at
            self._tell(EventType.SIGNED_OUT, subject_id=session.pk, device=session.device)

    def _open_session(self) -> ClientSession:
        if (last := self.visitor.last_session) and last.ended_at is None and last.expires_at > self.at:
            last.ended_at = self.at
        random = self.visitor.random
        lifetime = settings.REMEMBER_ME_LIFETIME if self.remember_me else settings.CLIENT_SESSION_IDLE_TIMEOUT
        used_at = self.at + timedelta(minutes=random.randint(1, 50))
        session = ClientSession(
            id=uuid.UUID(int=random.getrandbits(128), version=4),
            client=self.visitor.client,
            token_digest=random.randbytes(32),
            browser_digest=self.visitor.browser_digest,
            device=self.visitor.device,
            identifier_kind=self.visitor.identifier.kind,
            address=self.visitor.identifier.value,
            remember_me=self.remember_me,
            created_at=self.at,
            authenticated_at=self.at,
            used_at=used_at,
            expires_at=(self.at if self.remember_me else used_at) + lifetime,
        )
        self.ledger.add(session)
        return session

    def _notice(self, session: ClientSession) -> None:
        """Write to the client that a browser signed in which we had not seen before."""
        data = {"device": session.device, "at": self.at.isoformat()}
        notice = self._draft(
            MessageKind.NEW_BROWSER, Channel.EMAIL, self.visitor.mailbox, subject_id=session.pk, data=data
        )
        notice.state = DeliveryState.DELIVERED
        for event_type, actor in (
            (EventType.MESSAGE_ACCEPTED, Entry.Actor.SYSTEM),
            (EventType.MESSAGE_DELIVERED, Entry.Actor.PROVIDER),
        ):
            self.at += timedelta(seconds=3)
            self._tell(event_type, actor=actor, subject_id=session.pk, **_facts(notice))

    def _outcome(self, what: str, reason: str) -> None:
        state, event_type, actor = OUTCOMES[what]
        self.message.state, self.message.reason = state, reason
        self._tell(event_type, actor=actor, **_facts(self.message))

    def _draft(self, kind: MessageKind, channel: Channel, to: str, **rest: Any) -> Message:
        client = self.visitor.client
        language = client.language if client else ""
        message = build_message(kind, channel=channel, to=to, client=client, language=language, now=self.at, **rest)
        self.ledger.add(message)
        return message

    def _tell(
        self,
        event_type: EventType,
        *,
        actor: Entry.Actor = Entry.Actor.CLIENT,
        subject_id: uuid.UUID | None = None,
        **data: Any,
    ) -> None:
        subject_id = subject_id or self.challenge.pk
        told = build_entry(
            event_type, at=self.at, client=self.visitor.client, subject_id=subject_id, actor=actor, **data
        )
        self.ledger.add(told)


def _facts(message: Message) -> dict[str, Any]:
    """Return what the timeline says of what became of a message."""
    facts = {"channel": message.channel, "kind": message.kind, "provider": PROVIDERS[Channel(message.channel)]}
    return facts | ({"reason": message.reason} if message.reason else {})


STEPS: dict[str, Callable[[Attempt], None]] = {
    "ask": Attempt.ask,
    "resend": Attempt.resend,
    "wrong": Attempt.mistype,
    "in": Attempt.sign_in,
    "out": Attempt.sign_out,
}
