"""What the API takes and answers about services."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from api.protocol.fields import InstantField, MultiLineField, SingleLineField
from api.protocol.serializers import StrictSerializer
from api.scheduling.fields import MAX_PRICE, PriceSerializer, WholeSerializer
from portal.clients.models import TagColour
from portal.scheduling.models import Acceptance, DepositKind, LocationKind, QuestionKind, Visibility

YES_OR_NO = ("yes", "no")
MAX_QUESTIONS = 20
MAX_NEEDS = 200
A_DAY = 1440


class ServiceQuestionSerializer(WholeSerializer):
    """A question that clients answer when they book. Send the id of one that stays."""

    id = serializers.UUIDField(required=False, help_text="Of a question that the service has already.")
    label = SingleLineField(max_length=160)
    kind = serializers.ChoiceField(choices=QuestionKind.choices, required=False, default=QuestionKind.SHORT_TEXT)
    choices = serializers.ListField(
        child=SingleLineField(max_length=80), max_length=20, required=False, help_text="For the kind `choice` only."
    )
    is_required = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: Any) -> Any:
        """Require different answers to choose from, and none where there is nothing to choose."""
        choices, is_choice = attrs.get("choices", []), attrs.get("kind") == QuestionKind.CHOICE
        if is_choice != bool(choices) or len(set(choices)) < len(choices):
            text = "Give each answer once, for the kind `choice` only."
            raise serializers.ValidationError({"choices": [text]}, code="invalid")
        return attrs


class DepositSerializer(WholeSerializer):
    """What is due when the service is booked: an amount in the currency’s smallest unit, or a percentage."""

    kind = serializers.ChoiceField(choices=DepositKind.choices)
    value = serializers.IntegerField(min_value=0, max_value=MAX_PRICE, required=False, default=0)


class ServiceSerializer(StrictSerializer):
    """Something that clients book. Durations are in minutes. Changes don’t touch appointments that are agreed."""

    id = serializers.UUIDField(read_only=True)
    name = SingleLineField(max_length=80)
    description = MultiLineField(max_length=600, required=False, allow_blank=True)
    duration = serializers.IntegerField(min_value=5, max_value=A_DAY)
    buffer_before = serializers.IntegerField(min_value=0, max_value=A_DAY, required=False)
    buffer_after = serializers.IntegerField(min_value=0, max_value=A_DAY, required=False)
    capacity = serializers.IntegerField(
        min_value=1, max_value=500, required=False, help_text="How many clients can share one time."
    )
    start_interval = serializers.IntegerField(
        min_value=5, max_value=A_DAY, required=False, allow_null=True, help_text="Null: that of the business."
    )
    price = PriceSerializer(required=False, allow_null=True, help_text="Null: no price is shown.")
    deposit = DepositSerializer(required=False)
    location_kind = serializers.ChoiceField(choices=LocationKind.choices, required=False)
    location = SingleLineField(max_length=300, required=False, allow_blank=True)
    colour = serializers.ChoiceField(choices=TagColour.choices, required=False)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False, help_text="Who can book it.")
    acceptance = serializers.ChoiceField(
        choices=Acceptance.choices, required=False, allow_null=True, help_text="Null: that of the business."
    )
    policy_text = MultiLineField(
        max_length=2000, required=False, allow_blank=True, help_text="What clients have to accept; empty for nothing."
    )
    position = serializers.IntegerField(min_value=0, max_value=32767, required=False)
    staff = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=MAX_NEEDS,
        required=False,
        help_text="The staff calendars of those who give it. A new service without it is given by everybody.",
    )
    resources = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=MAX_NEEDS,
        required=False,
        help_text="Of these rooms it needs any one, of this equipment all.",
    )
    questions = ServiceQuestionSerializer(many=True, required=False, max_length=MAX_QUESTIONS)
    created_at = InstantField(read_only=True)
    archived_at = InstantField(read_only=True, allow_null=True)

    def validate_questions(self, questions: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        """Require that each question is named once."""
        ids = [question["id"] for question in questions if "id" in question]
        if len(set(ids)) < len(ids):
            raise serializers.ValidationError("Name each question once.", code="repeated")
        return questions


class ServiceListQuery(StrictSerializer):
    """Which services are listed; without a filter all of them."""

    is_archived = serializers.ChoiceField(choices=YES_OR_NO, required=False, default="")
