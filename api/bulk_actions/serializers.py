"""What the API takes and answers about actions on many clients."""

from rest_framework import serializers

from api.protocol.serializers import StrictSerializer
from portal.bulk_actions.limits import MAX_BULK_RECIPIENTS


class SelectedClientsSerializer(StrictSerializer):
    """The clients to whom something is done, by id; one that is named twice counts once."""

    clients = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=MAX_BULK_RECIPIENTS)


class ChangedClientsSerializer(StrictSerializer):
    """How many of the clients were changed, and how many were so already."""

    changed = serializers.IntegerField(read_only=True)
    unchanged = serializers.IntegerField(read_only=True)


class InvitedClientsSerializer(StrictSerializer):
    """How many clients get an invitation.

    Skipped are those without an email address for signing in, and those who were invited within a day.
    """

    sent = serializers.IntegerField(read_only=True)
    skipped = serializers.IntegerField(read_only=True)


class InvitedNewClientsSerializer(StrictSerializer):
    """How many new clients of a list get an invitation, and how many more can be invited by another call."""

    sent = serializers.IntegerField(read_only=True)
    remaining = serializers.IntegerField(read_only=True)
