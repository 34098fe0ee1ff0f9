"""The base of all serializers: a body or query with a field that the operation doesn't have is refused by name."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

UNKNOWN_FIELD = "There is no such field here."
READ_ONLY_FIELD = "This field can’t be set."


class StrictSerializer(serializers.Serializer):
    """A serializer that refuses unknown fields, so that a misspelt one is never lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated values. Raises ValidationError, which names unknown fields beside the other errors."""
        unknown = self._find_unknown_fields(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**unknown, **_as_dict(error.detail)}) from error
        if unknown:
            raise serializers.ValidationError(unknown)
        return values

    def _find_unknown_fields(self, data: Mapping[str, Any]) -> dict[str, list[ErrorDetail]]:
        errors = {}
        for name in data:
            known = self.fields.get(name)
            if known is None:
                errors[name] = [ErrorDetail(UNKNOWN_FIELD, code="unknown_field")]
            elif known.read_only:
                errors[name] = [ErrorDetail(READ_ONLY_FIELD, code="read_only_field")]
        return errors


def _as_dict(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}


def validate(serializer: type[serializers.Serializer], data: Any, *, partial: bool = False) -> dict[str, Any]:
    """Return the validated values of a body or a query. Raises ValidationError."""
    bound = serializer(data=data, partial=partial)
    bound.is_valid(raise_exception=True)
    return bound.validated_data
