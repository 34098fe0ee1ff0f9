"""The conversation between a client and the business: its messages, who has read them, and who is notified."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.clients.models import Client, ClientStatus, ContactKind
from portal.clients.models.client_contact import MAIN_FIRST
from portal.messaging import services as messaging
from portal.messaging.kinds import ConversationMailKind, ConversationNotification, MessagingEvent
from portal.messaging.models import (
    MAX_CHAT_MESSAGE_LENGTH,
    UNREAD_BY_STAFF,
    ChatMessage,
    ChatMessageSender,
    Message,
    Notification,
)
from portal.messaging.notifications import services as notifications
from portal.ui.keyset_pagination import Keyset, parse_cursor_flag, parse_cursor_instant, parse_cursor_key
from tenants.models import Channel, Queue
from tenants.staff.staff_actor import StaffActor
from tenants.text_cleaning import clean_lines

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MAX_SEARCH_WORDS = 8
# Unread messages come first, then the latest.
NEWEST_FIRST = Keyset({"written_at": parse_cursor_instant, "pk": parse_cursor_key})
INBOX_ORDER = Keyset({"is_unread": parse_cursor_flag, "written_at": parse_cursor_instant, "pk": parse_cursor_key})


class ChatMessageRejected(Exception):
    """The message can't be written. The exception's text says why, for people to read."""


class ChatRateLimitExceeded(ChatMessageRejected):
    """The client has written as many messages as they may in an hour or a day; `retry_at` is when they may again."""

    def __init__(self, retry_at: datetime):
        super().__init__(_("You have sent many messages in a short time. Please wait a moment before you write again."))
        self.retry_at = retry_at


@transaction.atomic
def send_chat_message(*, client: Client, body: str, staff: StaffActor | None = None, now: datetime) -> ChatMessage:
    """Add a message of the client, or of staff, to the client's conversation and notify the other side.

    Raises ChatMessageRejected, and for a client also ChatRateLimitExceeded.
    """
    body = _clean_body(body)
    # Locked, so that the counts, the latest message and the queued mail stay right while others write here.
    client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    _require_may_send(client, staff, now)
    ChatMessage.objects.filter(client=client, is_latest=True).update(is_latest=False)
    if staff:
        mark_read(client=client, reader=ChatMessageSender.STAFF, now=now)
    message = ChatMessage.objects.create(client=client, body=body, written_at=now, **_get_chat_sender_fields(staff))
    actor_fields = activity.get_actor_fields(staff)
    activity.record_event(
        MessagingEvent.CHAT_MESSAGE_SENT, at=now, client=client, subject_id=message.pk, **actor_fields
    )
    if staff:
        _notify_client(client, now=now)
    else:
        _notify_staff(client, now=now)
    return message


def mark_read(*, client: Client, reader: ChatMessageSender, now: datetime) -> int:
    """Mark the messages of the other side as read by this one; return how many were unread."""
    return ChatMessage.objects.filter(client=client).unread_by(reader).update(read_at=now)


def query_unread_from_client(client: Client) -> QuerySet[ChatMessage]:
    """Return the client's messages that nobody at the business has read."""
    return ChatMessage.objects.filter(client=client).unread_by(ChatMessageSender.STAFF)


def mark_read_by_staff(*, client: Client, person_id: UUID, now: datetime) -> None:
    """Mark a client's messages as read, and one person's notifications of them too, in one statement."""
    sql = """
        WITH notifications AS (
            UPDATE messaging_notification SET read_at = %(now)s
             WHERE person_id = %(person)s AND kind = %(kind)s AND subject_id = %(client)s AND read_at IS NULL
        )
        UPDATE messaging_chatmessage SET read_at = %(now)s
         WHERE client_id = %(client)s AND sender = %(sender)s AND read_at IS NULL
    """
    constants = {"kind": str(ConversationNotification.NEW_MESSAGE), "sender": str(ChatMessageSender.CLIENT)}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"now": now, "person": person_id, "client": client.pk, **constants})


def query_chat_messages(client: Client, *, before: ChatMessage | None = None) -> QuerySet[ChatMessage]:
    """Return the messages of a conversation, the newest first; only those before a given one, if any is given."""
    messages = ChatMessage.objects.filter(client=client).order_by("-written_at", "-pk")
    if before is None:
        return messages
    return messages.filter(Q(written_at__lt=before.written_at) | Q(written_at=before.written_at, pk__lt=before.pk))


def list_conversations(*, search: str = "", person_id: UUID | None = None) -> QuerySet[ChatMessage]:
    """Return the latest message of every conversation with its client, in the order of INBOX_ORDER.

    `search` looks in names, addresses and all messages; `person_id` limits it to the conversations that person wrote
    in. Each message has `is_unread`: whether it is the client's and no member of staff has read it.
    """
    latest = ChatMessage.objects.filter(is_latest=True, client__in=Client.objects.exclude_unlisted()).select_related(
        "client"
    )
    for word in search.split()[:MAX_SEARCH_WORDS]:
        in_messages = ChatMessage.objects.filter(client=OuterRef("client"), body__iregex=re.escape(word))
        latest = latest.filter(
            Q(client__search__icontains=word) | Q(client__name__icontains=word) | Exists(in_messages)
        )
    if person_id:
        by_person = ChatMessage.objects.filter(
            client=OuterRef("client"), sender=ChatMessageSender.STAFF, person_id=person_id
        )
        latest = latest.filter(Exists(by_person))
    return latest.annotate(is_unread=UNREAD_BY_STAFF).order_by(*INBOX_ORDER.ordering())


def get_main_email(client: Client) -> str:
    """Return the email address that mails about new messages go to, or an empty string."""
    emails = client.contacts.filter(kind=ContactKind.EMAIL, may_sign_in=True).order_by(*MAIN_FIRST)
    return emails.values_list("value", flat=True).first() or ""


def is_read_by_staff(notification: Notification) -> bool:
    """Tell whether a member of staff has read all that the client wrote."""
    return not ChatMessage.objects.filter(client=notification.subject_id).unread_by(ChatMessageSender.STAFF).exists()


def build_mail_context(message: Message, *, now: datetime) -> dict[str, Any] | None:
    """Return the template context of the mail to a client about new messages.

    None when the mail should no longer be sent: everything was read, or the client lost access or the address.
    """
    client = Client.objects.active().filter(pk=message.client_id, contacts__value=message.to).first()
    if client is None:
        return None
    count = ChatMessage.objects.filter(client=client).unread_by(ChatMessageSender.CLIENT).count()
    return {"count": count} if count else None


def _clean_body(body: str) -> str:
    """Return the text without what can't be seen and surrounding space. Raises ChatMessageRejected."""
    text = clean_lines(body).strip()
    if not text:
        raise ChatMessageRejected(_("Enter a message."))
    if len(text) > MAX_CHAT_MESSAGE_LENGTH:
        too_long = _("This message is too long. The limit is %(number)d characters.")
        raise ChatMessageRejected(too_long % {"number": MAX_CHAT_MESSAGE_LENGTH})
    return text


def _require_may_send(client: Client, staff: StaffActor | None, now: datetime) -> None:
    """Raise ChatMessageRejected if the client can't use the portal, ChatRateLimitExceeded if they wrote too much."""
    if client.status != ClientStatus.ACTIVE:
        raise ChatMessageRejected(_("This client can’t sign in to the portal at the moment and couldn’t read it."))
    if staff:
        return
    written = ChatMessage.objects.filter(client=client, sender=ChatMessageSender.CLIENT)
    for period, limit in ((HOUR, settings.CHAT_MESSAGES_PER_HOUR), (DAY, settings.CHAT_MESSAGES_PER_DAY)):
        recent = written.filter(written_at__gt=now - period).order_by("-written_at")
        if oldest := list(recent.values_list("written_at", flat=True)[limit - 1 : limit]):
            raise ChatRateLimitExceeded(oldest[0] + period)


def _get_chat_sender_fields(staff: StaffActor | None) -> dict[str, Any]:
    if staff is None:
        return {"sender": ChatMessageSender.CLIENT}
    return {"sender": ChatMessageSender.STAFF, "person_id": staff.person_id, "person_name": staff.name}


def _notify_client(client: Client, *, now: datetime) -> None:
    """Enqueue one mail to the client, unless one is queued already: it reports all that is unread when it is sent."""
    to = get_main_email(client)
    if client.is_demo or not to:
        return
    if messaging.lock_queued_messages(ConversationMailKind.NEW_MESSAGE, now=now).filter(client=client, to=to).exists():
        return
    due_at = now + settings.CHAT_EMAIL_DELAY
    message = messaging.build_message(
        ConversationMailKind.NEW_MESSAGE, channel=Channel.EMAIL, to=to, client=client, language=client.language, now=now
    )
    deadline = due_at + settings.NOTIFICATION_LIFETIME
    messaging.enqueue_message(message, queue=Queue.NOTICES, due_at=due_at, deadline=deadline, now=now)


def _notify_staff(client: Client, *, now: datetime) -> None:
    notifications.notify_staff(
        ConversationNotification.NEW_MESSAGE,
        subject=client.name,
        url_name="conversation",
        pk=client.pk,
        client=client,
        mail_delay=settings.CHAT_EMAIL_DELAY,
        now=now,
    )
