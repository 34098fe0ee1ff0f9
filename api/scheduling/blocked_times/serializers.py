"""What the API takes and answers about times that are blocked."""

from typing import Any

from rest_framework import serializers

from api.protocol.fields import InstantField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from api.scheduling.slots import check_range


class BlockedTimeSerializer(StrictSerializer):
    """A time of a staff calendar that nobody can book."""

    id = serializers.UUIDField(read_only=True)
    staff = serializers.UUIDField(help_text="The staff calendar.")
    title = SingleLineField(max_length=120, required=False, allow_blank=True, default="")
    starts_at = InstantField()
    ends_at = InstantField()
    created_at = InstantField(read_only=True)

    def validate(self, attrs: Any) -> Any:
        """Require an end after the beginning."""
        if attrs["ends_at"] <= attrs["starts_at"]:
            raise serializers.ValidationError({"ends_at": ["The end has to be after the beginning."]}, code="invalid")
        return attrs


class BlockedTimeListQuery(StrictSerializer, PageQuery):
    """The filters of the blocked times."""

    staff = serializers.UUIDField(required=False, default=None, help_text="A staff calendar.")

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields, of which the name of one is a word of Python."""
        return super().get_fields() | {
            "from": InstantField(required=False, default=None, help_text="Those that end after it."),
            "to": InstantField(required=False, default=None, help_text="Those that start before it."),
        }

    def validate(self, attrs: Any) -> Any:
        """Require a range that isn't empty."""
        check_range(attrs["from"], attrs["to"])
        return attrs
