"""Simulated past sign-ins, which leave the rows that real ones would have left."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.db.models import Model, TextChoices

from portal.access import sign_in_codes
from portal.access.demo.sign_in_scenarios import Scenario
from portal.access.identifier_digests import digest_identifier
from portal.access.kinds import AccessEvent, AccessMessageKind
from portal.access.models import Challenge, ClientSession
from portal.activity.models import Entry
from portal.activity.services import build_entry
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, ContactKind
from portal.messaging.kinds import MessagingEvent
from portal.messaging.models import Message
from portal.messaging.services import build_message
from tenants.models import Channel, DeliveryState

PROVIDERS = {Channel.EMAIL: "sendgrid", Channel.SMS: "twilio"}
DELIVERY_OUTCOMES = {
    "accepted": (DeliveryState.ACCEPTED, AccessEvent.CODE_SENT, Entry.Actor.SYSTEM),
    "deferred": (DeliveryState.DEFERRED, MessagingEvent.DEFERRED, Entry.Actor.PROVIDER),
    "delivered": (DeliveryState.DELIVERED, MessagingEvent.DELIVERED, Entry.Actor.PROVIDER),
    "bounced": (DeliveryState.BOUNCED, MessagingEvent.BOUNCED, Entry.Actor.PROVIDER),
}


class RowBuffer:
    """Rows of several models, collected to be inserted in a few statements."""

    def __init__(self) -> None:
        self.rows: dict[type[Model], list[Model]] = {Challenge: [], ClientSession: [], Message: [], Entry: []}

    def add_row(self, row: Model) -> None:
        """Add a row to be inserted later."""
        self.rows[type(row)].append(row)

    def flush(self) -> None:
        """Insert every row into the current business's schema."""
        for model, rows in self.rows.items():
            model._default_manager.bulk_create(rows)


@dataclass
class SimulatedUser:
    """A person with a browser, a client or not, and the address they enter."""

    identifier: Identifier
    device: str
    client: Client | None = None
    email: str = ""
    browser_digest: bytes = b""
    last_session: ClientSession | None = None
    random: Random = field(default_factory=Random)


class SimulatedSignIn:
    """One past attempt to sign in. Each step of its scenario adds the rows that a real one would have written."""

    def __init__(self, buffer: RowBuffer, user: SimulatedUser, *, start: datetime, remember_me: bool = False):
        self.buffer, self.user, self.start, self.remember_me = buffer, user, start, remember_me
        self.at = start
        self.channel = Channel.SMS if user.identifier.kind == ContactKind.PHONE else Channel.EMAIL
        self.session: ClientSession | None = None
        self.message: Message
        self.challenge = Challenge(
            id=uuid.UUID(int=user.random.getrandbits(128), version=4),
            browser_digest=user.random.randbytes(32),
            identifier_digest=digest_identifier(user.identifier).current,
            identifier_masked=user.identifier.masked,
            identifier_kind=user.identifier.kind,
            address=user.identifier.value if user.client else "",
            client=user.client,
            is_recognised_browser=user.last_session is not None,
            key_id=sign_in_codes.current_key_id(),
            created_at=start,
            expires_at=start + settings.LOGIN_CHALLENGE_LIFETIME,
        )
        buffer.add_row(self.challenge)

    def run_scenario(self, scenario: Scenario) -> None:
        """Run the scenario step by step."""
        for step in scenario:
            self.at = self.start + timedelta(seconds=step.seconds)
            if step.action in DELIVERY_OUTCOMES:
                self._record_outcome(step.action, step.reason)
            else:
                ACTIONS[step.action](self)

    def request_code(self, event_type: TextChoices = AccessEvent.CODE_REQUESTED) -> None:
        """Request a code, or another one."""
        to = self.challenge.address
        self.challenge.sent_at.append(self.at)
        self.challenge.channels.append(self.channel)
        self.challenge.destinations.append(to)
        data = {"generation": len(self.challenge.sent_at) - 1}
        self.message = self._add_message(
            AccessMessageKind.SIGN_IN_CODE, self.channel, to, subject_id=self.challenge.pk, data=data
        )
        masked = self.user.identifier.masked
        self._add_entry(event_type, channel=self.channel, typed=masked, known=bool(to), sendable=bool(to))

    def resend_code(self) -> None:
        """Request another code, by the same channel."""
        self.request_code(AccessEvent.CODE_RESENT)

    def enter_wrong_code(self) -> None:
        """Enter a wrong code."""
        self.challenge.failures += 1
        self.challenge.guessed_at = self.at
        left = settings.LOGIN_MAX_GUESSES - self.challenge.failures
        self._add_entry(AccessEvent.CODE_REJECTED if left else AccessEvent.CHALLENGE_LOCKED, guesses_left=left)

    def sign_in(self) -> None:
        """Enter the right code."""
        self.challenge.verified_at = self.challenge.closed_at = self.challenge.guessed_at = self.at
        self.challenge.verified_generation = len(self.challenge.sent_at) - 1
        self.session = session = self._open_session()
        is_new = self.user.last_session is None
        self._add_entry(AccessEvent.SIGNED_IN, subject_id=session.pk, device=session.device, new_browser=is_new)
        if is_new and self.user.email:
            self._notify_new_browser(session)

    def sign_out(self) -> None:
        """Sign out of the portal."""
        if session := self.session:
            session.ended_at = session.used_at = self.at
            self._add_entry(AccessEvent.SIGNED_OUT, subject_id=session.pk, device=session.device)

    def _open_session(self) -> ClientSession:
        if (last := self.user.last_session) and last.ended_at is None and last.expires_at > self.at:
            last.ended_at = self.at
        random = self.user.random
        lifetime = settings.REMEMBER_ME_LIFETIME if self.remember_me else settings.CLIENT_SESSION_IDLE_TIMEOUT
        used_at = self.at + timedelta(minutes=random.randint(1, 50))
        session = ClientSession(
            id=uuid.UUID(int=random.getrandbits(128), version=4),
            client=self.user.client,
            token_digest=random.randbytes(32),
            browser_digest=self.user.browser_digest,
            device=self.user.device,
            identifier_kind=self.user.identifier.kind,
            address=self.user.identifier.value,
            remember_me=self.remember_me,
            created_at=self.at,
            authenticated_at=self.at,
            used_at=used_at,
            expires_at=(self.at if self.remember_me else used_at) + lifetime,
        )
        self.buffer.add_row(session)
        return session

    def _notify_new_browser(self, session: ClientSession) -> None:
        """Add the mail that tells the client of a sign-in in a new browser."""
        data = {"device": session.device, "at": self.at.isoformat()}
        message = self._add_message(
            AccessMessageKind.NEW_BROWSER, Channel.EMAIL, self.user.email, subject_id=session.pk, data=data
        )
        message.state = DeliveryState.DELIVERED
        for event_type, actor in (
            (MessagingEvent.ACCEPTED, Entry.Actor.SYSTEM),
            (MessagingEvent.DELIVERED, Entry.Actor.PROVIDER),
        ):
            self.at += timedelta(seconds=3)
            self._add_entry(event_type, actor=actor, subject_id=session.pk, **_build_outcome_data(message))

    def _record_outcome(self, action: str, reason: str) -> None:
        state, event_type, actor = DELIVERY_OUTCOMES[action]
        self.message.state, self.message.reason = state, reason
        self._add_entry(event_type, actor=actor, **_build_outcome_data(self.message))

    def _add_message(self, kind: str, channel: Channel, to: str, **rest: Any) -> Message:
        client = self.user.client
        language = client.language if client else ""
        message = build_message(kind, channel=channel, to=to, client=client, language=language, now=self.at, **rest)
        self.buffer.add_row(message)
        return message

    def _add_entry(
        self,
        event_type: TextChoices,
        *,
        actor: Entry.Actor = Entry.Actor.CLIENT,
        subject_id: uuid.UUID | None = None,
        **data: Any,
    ) -> None:
        subject_id = subject_id or self.challenge.pk
        entry_row = build_entry(
            event_type, at=self.at, client=self.user.client, subject_id=subject_id, actor=actor, **data
        )
        self.buffer.add_row(entry_row)


def _build_outcome_data(message: Message) -> dict[str, Any]:
    """Return the event data for the outcome of a message."""
    outcome_data = {"channel": message.channel, "kind": message.kind, "provider": PROVIDERS[Channel(message.channel)]}
    return outcome_data | ({"reason": message.reason} if message.reason else {})


ACTIONS: dict[str, Callable[[SimulatedSignIn], None]] = {
    "request_code": SimulatedSignIn.request_code,
    "resend_code": SimulatedSignIn.resend_code,
    "enter_wrong_code": SimulatedSignIn.enter_wrong_code,
    "sign_in": SimulatedSignIn.sign_in,
    "sign_out": SimulatedSignIn.sign_out,
}
