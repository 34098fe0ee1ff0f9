"""What the client API answers about sessions."""

from rest_framework import serializers

from api.protocol.fields import InstantField
from api.protocol.serializers import StrictSerializer


class SessionSerializer(StrictSerializer):
    """A device on which the client is signed in."""

    id = serializers.UUIDField(read_only=True)
    device = serializers.CharField(read_only=True)
    created_at = InstantField(read_only=True)
    used_at = InstantField(read_only=True)
    expires_at = InstantField(read_only=True)
    is_current = serializers.BooleanField(read_only=True, help_text="Whether this is the session that asks.")
