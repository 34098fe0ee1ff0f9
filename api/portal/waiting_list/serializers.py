"""What the client API takes when a client accepts a time that they are offered."""

from rest_framework import serializers

from api.protocol.fields import JSONValueField, MultiLineField
from api.protocol.serializers import StrictSerializer


class AcceptanceSerializer(StrictSerializer):
    """What the service asks of whoever books it."""

    answers = serializers.DictField(
        child=JSONValueField(allow_null=True), required=False, default=dict, help_text="By the questions’ ids."
    )
    accepts_policy = serializers.BooleanField(
        required=False, default=False, help_text="Has to be true if the service has a `policy_text`."
    )
    note = MultiLineField(max_length=2000, required=False, allow_blank=True, default="")
