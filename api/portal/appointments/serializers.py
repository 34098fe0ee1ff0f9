"""What the client API takes and answers about a client's appointments."""

from rest_framework import serializers

from api.protocol.fields import InstantField, JSONValueField, MultiLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from api.scheduling.appointments.serializers import STATES, AppointmentAnswerSerializer
from api.scheduling.fields import PriceSerializer
from api.scheduling.references import ServiceReferenceSerializer, StaffReferenceSerializer

YES_OR_NO = ("yes", "no")


class AppointmentSerializer(StrictSerializer):
    """An appointment of the client’s. `version` rises with each change of its time or state."""

    id = serializers.UUIDField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    state = serializers.ChoiceField(choices=STATES, read_only=True)
    service = ServiceReferenceSerializer(read_only=True)
    staff = StaffReferenceSerializer(read_only=True)
    starts_at = InstantField(read_only=True)
    ends_at = InstantField(read_only=True)
    answers = AppointmentAnswerSerializer(many=True, read_only=True)
    price = PriceSerializer(read_only=True, allow_null=True)
    location = serializers.CharField(read_only=True)
    reason = serializers.CharField(read_only=True, help_text="Why it was declined or cancelled.")
    proposed_starts_at = InstantField(
        read_only=True, allow_null=True, help_text="Another time that the business proposed when it declined this one."
    )
    can_reschedule = serializers.BooleanField(read_only=True, help_text="Whether the client can still move it.")
    can_cancel = serializers.BooleanField(read_only=True, help_text="Whether the client can still cancel it.")
    created_at = InstantField(read_only=True)


class NewAppointmentSerializer(StrictSerializer):
    """What a client books. It is confirmed at once, or a request, as the business wants it."""

    service = serializers.UUIDField()
    staff = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="A staff calendar; without it, whoever is free."
    )
    starts_at = InstantField()
    answers = serializers.DictField(
        child=JSONValueField(allow_null=True), required=False, default=dict, help_text="By the questions’ ids."
    )
    accepts_policy = serializers.BooleanField(
        required=False, default=False, help_text="Has to be true if the service has a `policy_text`."
    )
    note = MultiLineField(max_length=2000, required=False, allow_blank=True, default="")


class NewTimeSerializer(StrictSerializer):
    """The time to which an appointment is moved."""

    starts_at = InstantField()
    staff = serializers.UUIDField(
        required=False, allow_null=True, help_text="A staff calendar, or null for whoever is free; without it the same."
    )


class CancellationSerializer(StrictSerializer):
    """Why the client cancels."""

    reason = MultiLineField(max_length=600, required=False, allow_blank=True, default="")


class AppointmentListQuery(StrictSerializer, PageQuery):
    """Which of the client's appointments are listed; without a filter all of them."""

    is_coming = serializers.ChoiceField(
        choices=YES_OR_NO, required=False, default="", help_text="Those still to come, the earliest first, or others."
    )
