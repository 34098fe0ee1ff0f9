"""The tables of the messaging app, one file for each model."""

from portal.messaging.models.chat_message import (
    MAX_CHAT_MESSAGE_LENGTH,
    UNREAD_BY_STAFF,
    ChatMessage,
    ChatMessageSender,
)
from portal.messaging.models.message import Message
from portal.messaging.models.message_template import MessageTemplate
from portal.messaging.models.notification import Notification, NotificationMethod, NotificationPreference
from portal.messaging.models.suppression import Suppression

__all__ = [
    "MAX_CHAT_MESSAGE_LENGTH",
    "UNREAD_BY_STAFF",
    "ChatMessage",
    "ChatMessageSender",
    "Message",
    "MessageTemplate",
    "Notification",
    "NotificationMethod",
    "NotificationPreference",
    "Suppression",
]
