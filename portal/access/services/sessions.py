"""Opening, finding, refreshing and ending client sessions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from portal.access.kinds import AccessEvent, AccessMessageKind
from portal.access.models import Challenge, ClientSession, PortalSession
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.identifiers import build_identifier
from portal.clients.models import Client, ClientStatus, Contact
from portal.messaging import services as messaging
from tenants import tokens
from tenants.combined_writes import UpdateStatement, insert_all
from tenants.compiled_queries import compiled_query
from tenants.models import Channel, Queue
from tenants.staff.staff_actor import StaffActor

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class _SigningInAnnotations(TypedDict):
    is_recognised_browser: bool
    mailbox: str | None
    has_confirmed_address: bool


# A client who signs in: whether the browser signed in as them before, their main email address, and whether the
# address that their code was sent to is confirmed.
SigningInClient: TypeAlias = "WithAnnotations[Client, _SigningInAnnotations]"

# Last use is saved at most this often, so that page views do not cost a write.
TOUCH_INTERVAL = timedelta(minutes=5)


@dataclass(frozen=True)
class BrowserTokens:
    """A browser: its long-lived and its current session token, each empty if there is none, and its device label."""

    token: str
    device: str
    session_token: str = ""

    @property
    def browser_digest(self) -> bytes:
        """Return the digest by which the browser is found in the database."""
        return tokens.digest_token(self.token)


@dataclass(frozen=True)
class NewSession:
    """A session that was just opened, with the session token and browser token to set as cookies."""

    session: ClientSession
    token: str
    browser_token: str


def open_session(
    *,
    client: SigningInClient,
    address: str,
    was_code_sent: bool,
    browser: BrowserTokens,
    remember_me: bool,
    passkey_id: UUID | None = None,
    now: datetime,
) -> NewSession:
    """Sign a client in on a browser, end the session it had, and email them if the browser is new.

    `was_code_sent` says that the code came to the address, so that the card can say so; `passkey_id` is the key of the
    passkey that they signed in with, if it was no code. Call it in a transaction.
    """
    token = tokens.generate_token()
    browser_token = browser.token if client.is_recognised_browser else _replace_browser_token(browser)
    session = _build_session(
        client, address, browser, token=token, browser_token=browser_token, remember_me=remember_me, now=now
    )
    session.passkey_id = passkey_id
    method_fields: dict[str, Any] = {"method": "passkey"} if passkey_id else {}
    entry = activity.build_entry(
        AccessEvent.SIGNED_IN,
        at=now,
        client=client,
        subject_id=session.pk,
        actor=Entry.Actor.CLIENT,
        device=browser.device,
        new_browser=not client.is_recognised_browser,
        **method_fields,
    )
    updates = _build_card_updates(client, address if was_code_sent else "", now=now)
    if client.is_recognised_browser or not client.mailbox:
        insert_all(session, entry, extra_updates=updates)
    else:
        _insert_with_notification(session, entry, client, mailbox=client.mailbox, extra_updates=updates, now=now)
    # Sessions are locked after their client, as elsewhere: a passkey may just be added in the session that ends.
    if browser.session_token:
        ClientSession.objects.filter(token_digest=tokens.digest_token(browser.session_token)).update(ended_at=now)
    return NewSession(session, token, browser_token)


def find_session(*, token: str, now: datetime) -> ClientSession | None:
    """Return the live session of a token, with its client, in one statement, or None.

    A session is live only while its client is active and the address that opened it is on
    file, so a change of the card ends its sessions at once.
    """
    session = next(iter(query_live_session(token_digest=tokens.digest_token(token), now=now)), None)
    if session:
        record_session_use(session, now=now)
    return session


@compiled_query
def query_live_session(token_digest: bytes, now: datetime) -> QuerySet[ClientSession]:
    """Return the session of a token, with its client, if it is live and the client may sign in with its address."""
    return build_live_sessions(now).filter(token_digest=token_digest)


def build_live_sessions(now: datetime) -> QuerySet[ClientSession]:
    """Return the sessions that are live, with their clients, who may sign in with the address that opened them."""
    on_card = Contact.objects.filter(client=OuterRef("client"), value=OuterRef("address"), may_sign_in=True)
    return (
        ClientSession.objects.select_related("client")
        .filter(Exists(on_card), ended_at=None, expires_at__gt=now)
        .filter(client__status=ClientStatus.ACTIVE)
    )


def lock_live_session(session: ClientSession, *, now: datetime) -> bool:
    """Tell whether a session still signs its client in with the same address, and keep it so in this transaction.

    Both may have changed since the request began. Lock the client first.
    """
    same = build_live_sessions(now).filter(pk=session.pk, address=session.address)
    return bool(same.select_for_update(of=("self",), no_key=True))


def record_session_use(session: ClientSession, *, now: datetime) -> None:
    """Save that a session is used, which prolongs it, unless that was saved a moment ago."""
    if now - session.used_at > TOUCH_INTERVAL:
        _update_last_use(session, now=now)


def is_recognised_browser(*, browser_digest: bytes) -> bool:
    """Tell whether any client has signed in with a browser."""
    return ClientSession.objects.filter(browser_digest=browser_digest).exists()


def list_active_sessions(client: Client, *, now: datetime) -> QuerySet[ClientSession]:
    """Return a client's live sessions, most recently used first."""
    return client.sessions.filter(ended_at=None, expires_at__gt=now).order_by("-used_at", "-pk")


def mark_reauthenticated(*, session: PortalSession, now: datetime) -> None:
    """Record that the client just authenticated again with a code."""
    ClientSession.objects.filter(pk=session.pk).update(authenticated_at=now)


@transaction.atomic
def end_session(
    *,
    session: ClientSession,
    event_type: AccessEvent = AccessEvent.SIGNED_OUT,
    staff: StaffActor | None = None,
    now: datetime,
) -> None:
    """End one session."""
    ended = ClientSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=now)
    if ended:
        fields = {"client_id": session.client_id, "subject_id": session.pk, "device": session.device}
        activity.record_event(event_type, at=now, **fields, **activity.get_actor_fields(staff))


@transaction.atomic
def end_sessions(
    *,
    client: Client,
    current_session: PortalSession | None = None,
    passkey_id: UUID | None = None,
    addresses: Collection[str] = (),
    actor: Entry.Actor = Entry.Actor.CLIENT,
    now: datetime,
    **actor_fields: Any,
) -> int:
    """End a client's sessions, except `current_session`, and return how many ended.

    With `passkey_id`, only those that this passkey opened; with `addresses`, those that depend on one of them.
    `actor_fields` as from `activity`.
    """
    sessions = client.sessions.filter(ended_at=None)
    if passkey_id:
        sessions = sessions.filter(passkey_id=passkey_id)
    if addresses:
        sessions = sessions.filter(address__in=addresses)
    ended = (sessions.exclude(pk=current_session.pk) if current_session else sessions).update(ended_at=now)
    if ended:
        activity.record_event(
            AccessEvent.SESSION_ENDED, at=now, client=client, actor=actor, count=ended, **actor_fields
        )
    return ended


@transaction.atomic
def revoke_all_clients_access(*, now: datetime) -> None:
    """End every session and challenge of the business, for example when it is suspended."""
    ClientSession.objects.filter(ended_at=None).update(ended_at=now)
    Challenge.objects.filter(closed_at=None).update(closed_at=now)


def _build_card_updates(client: Client, code_address: str, *, now: datetime) -> list[UpdateStatement]:
    """Return the updates that record on a card when its client signed in, and by a code to which address."""
    updates: list[UpdateStatement] = [("UPDATE clients_client SET signed_in_at = %s WHERE id = %s", [now, client.pk])]
    if code_address:
        sql = "UPDATE clients_contact SET code_used_at = %s WHERE client_id = %s AND value = %s"
        updates.append((sql, [now, client.pk, code_address]))
    return updates


def _replace_browser_token(browser: BrowserTokens) -> str:
    """Give a browser a new token, for all clients who use it, and return it.

    The token it sent may have been planted by somebody who wants to be recognised as its owner.
    """
    token = tokens.generate_token()
    if browser.token:
        ClientSession.objects.filter(browser_digest=browser.browser_digest).update(
            browser_digest=tokens.digest_token(token)
        )
    return token


def _build_session(
    client: Client,
    address: str,
    browser: BrowserTokens,
    *,
    token: str,
    browser_token: str,
    remember_me: bool,
    now: datetime,
) -> ClientSession:
    return ClientSession(
        client_id=client.pk,
        token_digest=tokens.digest_token(token),
        browser_digest=tokens.digest_token(browser_token),
        device=browser.device,
        identifier_kind=build_identifier(address).kind,
        address=address,
        remember_me=remember_me,
        created_at=now,
        authenticated_at=now,
        used_at=now,
        expires_at=now + (settings.REMEMBER_ME_LIFETIME if remember_me else settings.CLIENT_SESSION_IDLE_TIMEOUT),
    )


def _update_last_use(session: ClientSession, *, now: datetime) -> None:
    session.used_at = now
    if not session.remember_me:
        session.expires_at = now + settings.CLIENT_SESSION_IDLE_TIMEOUT
    ClientSession.objects.filter(pk=session.pk).update(used_at=session.used_at, expires_at=session.expires_at)


def _insert_with_notification(
    session: ClientSession,
    entry: Entry,
    client: Client,
    *,
    mailbox: str,
    extra_updates: list[UpdateStatement],
    now: datetime,
) -> None:
    message = messaging.build_message(
        AccessMessageKind.NEW_BROWSER,
        channel=Channel.EMAIL,
        to=mailbox,
        client_id=client.pk,
        language=client.language,
        subject_id=session.pk,
        data={"device": session.device, "at": now.isoformat()},
        now=now,
    )
    deadline = now + settings.NOTIFICATION_LIFETIME
    delivery = messaging.build_delivery(message, queue=Queue.NOTICES, deadline=deadline, now=now)
    insert_all(session, entry, message, delivery, extra_updates=extra_updates)
