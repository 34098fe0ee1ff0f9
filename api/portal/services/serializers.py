"""What the client API answers about the services that can be booked."""

from rest_framework import serializers

from api.protocol.serializers import StrictSerializer
from api.scheduling.fields import PriceSerializer
from api.scheduling.references import StaffReferenceSerializer
from portal.scheduling.models import LocationKind, QuestionKind


class ServiceQuestionSerializer(StrictSerializer):
    """A question that is answered when the service is booked."""

    id = serializers.UUIDField(read_only=True, help_text="The name of its answer.")
    label = serializers.CharField(read_only=True)
    kind = serializers.ChoiceField(choices=QuestionKind.choices, read_only=True)
    choices = serializers.ListField(child=serializers.CharField(read_only=True), read_only=True)
    is_required = serializers.BooleanField(read_only=True)


class ServiceSerializer(StrictSerializer):
    """A service that can be booked."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    description = serializers.CharField(read_only=True)
    duration = serializers.IntegerField(read_only=True, help_text="In minutes.")
    capacity = serializers.IntegerField(read_only=True, help_text="How many clients can share one time.")
    price = PriceSerializer(read_only=True, allow_null=True)
    location_kind = serializers.ChoiceField(choices=LocationKind.choices, read_only=True)
    policy_text = serializers.CharField(read_only=True, help_text="What has to be accepted, or empty.")
    staff = StaffReferenceSerializer(many=True, read_only=True)
    questions = ServiceQuestionSerializer(many=True, read_only=True)
