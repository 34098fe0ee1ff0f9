"""The part of a conversation that a page shows, and the ETag by which an open page asks for anything new."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from portal.clients.models import Client
from portal.messaging.conversations.services import query_chat_messages
from portal.messaging.models import ChatMessage, ChatMessageSender

PAGE_SIZE = 40


@dataclass(frozen=True)
class ChatMessagePage:
    """Consecutive messages, the oldest first. `earlier` is the first of them if there are any before it, else None."""

    messages: list[ChatMessage]
    earlier: ChatMessage | None
    is_latest: bool


def get_chat_message_page(client: Client, before_key: str) -> ChatMessagePage:
    """Return the latest messages of a conversation, or those before the message with the given key."""
    before = _find_chat_message(client, before_key) if before_key else None
    found = list(query_chat_messages(client, before=before)[: PAGE_SIZE + 1])
    messages = found[:PAGE_SIZE][::-1]
    return ChatMessagePage(messages, earlier=messages[0] if len(found) > PAGE_SIZE else None, is_latest=before is None)


def build_conversation_etag(client: Client, reader: ChatMessageSender) -> str:
    """Return a string that changes when there is something new for one side: a message, or that its own were read."""
    # Counts rather than the latest time: a process whose clock is behind writes new messages that are not the latest.
    own_unread = Count("pk", filter=Q(sender=reader, read_at=None))
    counts = ChatMessage.objects.filter(client=client).aggregate(total=Count("pk"), own_unread=own_unread)
    return f"{counts['total']}~{counts['own_unread']}"


def _find_chat_message(client: Client, key: str) -> ChatMessage | None:
    try:
        return ChatMessage.objects.filter(client=client, pk=UUID(key)).first()
    except ValueError:
        return None
