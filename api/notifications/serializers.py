"""What the API takes and answers about the notifications of a member of staff."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.protocol.fields import InstantField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from portal.messaging.models import NotificationMethod


class NotificationSerializer(StrictSerializer):
    """Something that whoever made the key was told of in the console."""

    id = serializers.UUIDField(read_only=True)
    kind = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True, help_text="The kind in words.")
    subject = serializers.CharField(read_only=True, help_text="What it is about.")
    subject_id = serializers.UUIDField(read_only=True, allow_null=True, help_text="The id of what it is about.")
    url = serializers.CharField(read_only=True, help_text="Its page in the console.")
    at = InstantField(read_only=True)
    read_at = InstantField(read_only=True, allow_null=True)


class NotificationListQuery(StrictSerializer, PageQuery):
    """The page of the notifications."""


@extend_schema_serializer(component_name="Reading")  # As in 1.0.0.
class MarkedReadSerializer(StrictSerializer):
    """How many notifications were marked as read."""

    count = serializers.IntegerField(read_only=True)


class PreferenceSerializer(StrictSerializer):
    """How one kind of notification is got."""

    kind = SingleLineField(max_length=20)
    label = serializers.CharField(read_only=True, help_text="The kind in words.")
    method = serializers.ChoiceField(choices=NotificationMethod.choices)


class PreferencesSerializer(StrictSerializer):
    """How whoever made the key gets each kind of notification that they may get."""

    preferences = PreferenceSerializer(many=True, max_length=100)
