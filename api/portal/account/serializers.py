"""What the client API takes and answers about a client's own data."""

from rest_framework import serializers

from api.protocol.fields import InstantField, SingleLineField
from api.protocol.serializers import StrictSerializer
from portal.clients.models import ContactKind


class OwnDetailsSerializer(StrictSerializer):
    """The client who asks."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    language = SingleLineField(max_length=8, allow_blank=True, help_text="Empty for that of the business.")
    time_zone = SingleLineField(max_length=64, allow_blank=True, help_text="Empty for that of the business.")


class OwnContactSerializer(StrictSerializer):
    """An email address or phone number on the client’s card."""

    id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(choices=ContactKind.choices, read_only=True)
    value = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)
    may_sign_in = serializers.BooleanField(read_only=True)
    is_main = serializers.BooleanField(read_only=True, help_text="Whether the business writes to this one first.")
    confirmed_at = InstantField(read_only=True, allow_null=True)


class NewContactSerializer(StrictSerializer):
    """The address that a code is sent to."""

    identifier = SingleLineField(max_length=254, help_text="An email address or a mobile number.")
