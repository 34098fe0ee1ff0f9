"""What the API takes and answers about rooms and equipment."""

from rest_framework import serializers

from api.protocol.fields import InstantField, SingleLineField
from api.protocol.serializers import StrictSerializer
from portal.scheduling.models import ResourceKind


class ResourceSerializer(StrictSerializer):
    """A room or a piece of equipment, which one appointment uses at a time."""

    id = serializers.UUIDField(read_only=True)
    name = SingleLineField(max_length=80)
    kind = serializers.ChoiceField(choices=ResourceKind.choices, required=False)
    is_active = serializers.BooleanField(required=False, help_text="Whether services can use it.")
    created_at = InstantField(read_only=True)
