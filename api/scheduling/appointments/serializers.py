"""What the API takes and answers about appointments."""

from typing import Any

from rest_framework import serializers

from api.clients.client_references import ClientReferenceSerializer
from api.protocol.fields import InstantField, MultiLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from api.scheduling.fields import PriceSerializer
from api.scheduling.references import ServiceReferenceSerializer, StaffReferenceSerializer
from api.scheduling.slots import check_range
from portal.scheduling.models import AppointmentSource, AppointmentState

# What is only held while somebody fills in the form is no appointment yet.
STATES = [choice for choice in AppointmentState.choices if choice[0] != AppointmentState.HELD]
ORDERS = ("starts_at", "-starts_at")


class AppointmentContactSerializer(StrictSerializer):
    """What somebody typed who booked without signing in; empty otherwise."""

    name = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)
    mobile = serializers.CharField(read_only=True, help_text="E.164, or empty.")


class AppointmentAnswerSerializer(StrictSerializer):
    """A question of the service as it was asked, and the answer."""

    question = serializers.CharField(read_only=True)
    answer = serializers.CharField(read_only=True)


class AppointmentSerializer(StrictSerializer):
    """One client’s appointment. `version` rises with each change of its time or state."""

    id = serializers.UUIDField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    state = serializers.ChoiceField(choices=STATES, read_only=True)
    client = ClientReferenceSerializer(
        read_only=True, allow_null=True, help_text="Null until whoever booked is matched with the client list."
    )
    contact = AppointmentContactSerializer(read_only=True)
    service = ServiceReferenceSerializer(read_only=True)
    staff = StaffReferenceSerializer(read_only=True)
    starts_at = InstantField(read_only=True)
    ends_at = InstantField(read_only=True)
    is_overbooked = serializers.BooleanField(
        read_only=True, help_text="Whether staff booked it though the time was taken."
    )
    source = serializers.ChoiceField(choices=AppointmentSource.choices, read_only=True)
    note = serializers.CharField(read_only=True)
    answers = AppointmentAnswerSerializer(many=True, read_only=True)
    policy_accepted_at = InstantField(read_only=True, allow_null=True)
    price = PriceSerializer(read_only=True, allow_null=True)
    location = serializers.CharField(read_only=True)
    reason = serializers.CharField(read_only=True, help_text="Why it was declined or cancelled.")
    proposed_starts_at = InstantField(
        read_only=True, allow_null=True, help_text="Another time that staff proposed when they declined it."
    )
    created_at = InstantField(read_only=True)
    updated_at = InstantField(read_only=True)


class NewAppointmentSerializer(StrictSerializer):
    """An appointment that is confirmed at once."""

    client = serializers.UUIDField()
    service = serializers.UUIDField()
    staff = serializers.UUIDField(help_text="The staff calendar.")
    starts_at = InstantField()
    note = MultiLineField(max_length=2000, required=False, allow_blank=True, default="", help_text="Clients see it.")
    ignore_warnings = serializers.BooleanField(
        required=False, default=False, help_text="Book it although a problem `booking_needs_confirmation` says why not."
    )


class NewTimeSerializer(StrictSerializer):
    """The time to which an appointment is moved."""

    starts_at = InstantField()
    staff = serializers.UUIDField(required=False, help_text="Another staff calendar; without it the same.")
    ignore_warnings = serializers.BooleanField(required=False, default=False)


class RefusalSerializer(StrictSerializer):
    """Why a request is declined, and another time that the client can book instead."""

    reason = MultiLineField(
        max_length=600, required=False, allow_blank=True, default="", help_text="The client sees it."
    )
    proposed_starts_at = InstantField(required=False, allow_null=True, default=None)


class CancellationSerializer(StrictSerializer):
    """Why an appointment is cancelled."""

    reason = MultiLineField(
        max_length=600, required=False, allow_blank=True, default="", help_text="The client sees it."
    )


class AttendanceSerializer(StrictSerializer):
    """Whether the client came."""

    state = serializers.ChoiceField(
        choices=[choice for choice in STATES if choice[0] in (AppointmentState.DONE, AppointmentState.NO_SHOW)]
    )


class AppointmentListQuery(StrictSerializer, PageQuery):
    """The filters of the appointments, and their order."""

    state = serializers.ChoiceField(choices=STATES, required=False, default="")
    client = serializers.UUIDField(required=False, default=None)
    service = serializers.UUIDField(required=False, default=None)
    staff = serializers.UUIDField(required=False, default=None, help_text="A staff calendar.")
    sort = serializers.ChoiceField(
        choices=ORDERS, required=False, default=ORDERS[0], help_text="With `-` the latest first."
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields, of which the name of one is a word of Python."""
        return super().get_fields() | {
            "from": InstantField(required=False, default=None, help_text="Those that start then or later."),
            "to": InstantField(required=False, default=None, help_text="Those that start before it."),
        }

    def validate(self, attrs: Any) -> Any:
        """Require a range that isn't empty."""
        check_range(attrs["from"], attrs["to"])
        return attrs
