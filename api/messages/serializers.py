"""What the API answers about mails and texts to clients."""

from typing import Any

from rest_framework import serializers

from api.clients.client_references import ClientReferenceSerializer
from api.protocol.fields import InstantField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from portal.messaging.message_queries import MessageFilter
from tenants.models import Channel, DeliveryState

STATES = {state.name.lower(): state for state in DeliveryState if state != DeliveryState.VOID}


class MessageSerializer(StrictSerializer):
    """A mail or text to a client, and what became of it. What it says is not kept."""

    id = serializers.UUIDField(read_only=True)
    kind = serializers.CharField(read_only=True, help_text="Such as `sign-in-code` or `new-message`.")
    channel = serializers.ChoiceField(choices=Channel.choices, read_only=True)
    to = serializers.CharField(read_only=True)
    client = ClientReferenceSerializer(
        read_only=True, allow_null=True, help_text="Null for a code to an address that several clients share."
    )
    language = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=list(STATES), read_only=True)
    reason = serializers.CharField(read_only=True, help_text="Why it is late or lost: a stable code, or empty.")
    reason_text = serializers.CharField(read_only=True, help_text="The reason in words.")
    next_step = serializers.CharField(read_only=True, help_text="What staff can do about it.")
    created_at = InstantField(read_only=True)


class MessageListQuery(StrictSerializer, PageQuery):
    """The filters of the messages."""

    client = serializers.UUIDField(required=False, default=None)
    kind = SingleLineField(max_length=20, required=False, default="")
    channel = serializers.ChoiceField(choices=Channel.choices, required=False, default=None)
    state = serializers.ChoiceField(choices=list(STATES), required=False, default=None)


def build_message_filter(query: dict[str, Any]) -> MessageFilter:
    """Return the filter that a validated query asks for."""
    channel, state = query["channel"], query["state"]
    return MessageFilter(
        client_id=query["client"],
        kind=query["kind"],
        channel=Channel(channel) if channel else None,
        state=STATES[state] if state else None,
    )
