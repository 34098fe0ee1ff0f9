"""What the API takes and answers about custom fields."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from api.protocol.fields import SingleLineField
from api.protocol.serializers import StrictSerializer
from portal.clients.models import MAX_CHOICES, CustomField, CustomFieldKind


class CustomFieldSerializer(StrictSerializer):
    """A field that the business added to its client cards. The kind of an existing one can’t be changed."""

    id = serializers.UUIDField(read_only=True)
    name = SingleLineField(max_length=CustomField._meta.get_field("name").max_length)
    kind = serializers.ChoiceField(choices=CustomFieldKind.choices, read_only=True)
    choices = serializers.ListField(
        child=SingleLineField(max_length=60),
        max_length=MAX_CHOICES,
        required=False,
        help_text="The options, for the kind `choice` only.",
    )

    def validate_choices(self, values: list[str]) -> list[str]:
        """Require each option once."""
        if len(set(values)) < len(values):
            raise serializers.ValidationError("Each option once.", code="repeated")
        return values


class NewCustomFieldSerializer(CustomFieldSerializer):
    """A new custom field."""

    kind = serializers.ChoiceField(choices=CustomFieldKind.choices)

    def validate(self, attrs: Any) -> Any:
        """Require options where there is something to choose, and none elsewhere."""
        check_choices(attrs["kind"], attrs)
        return attrs


class CustomFieldOrderSerializer(StrictSerializer):
    """The order of all custom fields."""

    ids = serializers.ListField(child=serializers.UUIDField(), max_length=1000)


def check_choices(kind: str, values: Mapping[str, Any]) -> None:
    """Require options of a field to choose from, and none of others. Raises ValidationError."""
    choices = values.get("choices")
    if kind == CustomFieldKind.CHOICE and not choices:
        raise serializers.ValidationError({"choices": ["Give at least one option."]}, code="required")
    if kind != CustomFieldKind.CHOICE and choices:
        raise serializers.ValidationError({"choices": ["Only the kind `choice` has options."]}, code="not_allowed")
