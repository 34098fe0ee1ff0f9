"""What the client API takes and answers about messages."""

from rest_framework import serializers

from api.protocol.fields import InstantField, MultiLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from portal.messaging.models import MAX_CHAT_MESSAGE_LENGTH, ChatMessageSender


class MessageSerializer(StrictSerializer):
    """A message of the conversation between the client and the business."""

    id = serializers.UUIDField(read_only=True)
    sender = serializers.ChoiceField(choices=ChatMessageSender.choices, read_only=True)
    sender_name = serializers.CharField(read_only=True, help_text="Who wrote it, if staff did and have given a name.")
    body = MultiLineField(max_length=MAX_CHAT_MESSAGE_LENGTH)
    written_at = InstantField(read_only=True)
    read_at = InstantField(read_only=True, allow_null=True)


class MessageListQuery(StrictSerializer, PageQuery):
    """The page of the conversation."""
