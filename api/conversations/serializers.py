"""What the API takes and answers about conversations with clients."""

from rest_framework import serializers

from api.clients.client_references import ClientReferenceSerializer
from api.protocol.fields import InstantField, MultiLineField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from portal.messaging.models import MAX_CHAT_MESSAGE_LENGTH, ChatMessageSender


class ChatMessageSerializer(StrictSerializer):
    """One message of a conversation: plain text."""

    id = serializers.UUIDField(read_only=True)
    sender = serializers.ChoiceField(choices=ChatMessageSender.choices, read_only=True)
    person = serializers.UUIDField(read_only=True, allow_null=True, help_text="The member of staff who wrote it.")
    person_name = serializers.CharField(read_only=True)
    body = MultiLineField(max_length=MAX_CHAT_MESSAGE_LENGTH)
    written_at = InstantField(read_only=True)
    read_at = InstantField(read_only=True, allow_null=True, help_text="When the other side read it.")


class ConversationSerializer(StrictSerializer):
    """The one conversation that a client has with the business, by its latest message."""

    client = ClientReferenceSerializer(read_only=True)
    is_unread = serializers.BooleanField(read_only=True, help_text="Whether no member of staff has read the latest.")
    latest_message = ChatMessageSerializer(read_only=True)


class ConversationListQuery(StrictSerializer, PageQuery):
    """The search and filter of the conversations."""

    search = SingleLineField(max_length=100, required=False, default="")
    scope = serializers.ChoiceField(
        choices=("all", "mine"), required=False, default="all", help_text="Mine: those the key’s maker wrote in."
    )


class ChatMessageListQuery(StrictSerializer, PageQuery):
    """The page of a conversation."""
