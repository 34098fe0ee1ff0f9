"""What the API takes and answers about the team."""

from typing import Any

from rest_framework import serializers

from api.protocol.fields import InstantField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from tenants.nouns import registry
from tenants.roles import Role


class AreaListField(serializers.ListField):
    """Restricted areas, each once."""

    child = SingleLineField(max_length=20)

    def to_internal_value(self, data: Any) -> Any:
        """Return the areas in order. Raises ValidationError for one that no noun declares."""
        areas = sorted(set(super().to_internal_value(data)))
        if unknown := [area for area in areas if area not in registry.get_restricted_areas()]:
            raise serializers.ValidationError(f"There is no area {unknown[0]!r}.", code="invalid_choice")
        return areas


class MemberSerializer(StrictSerializer):
    """Somebody who works at the business."""

    id = serializers.UUIDField(read_only=True, help_text="The person’s id.")
    name = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(choices=Role.choices)
    areas = AreaListField(max_length=20, required=False, help_text="Restricted areas in which the role counts.")
    joined_at = InstantField(read_only=True)


class InvitationSerializer(StrictSerializer):
    """An open invitation to join the team. After `expires_at` its link works only once it was sent again."""

    id = serializers.UUIDField(read_only=True)
    email = SingleLineField(max_length=254)
    role = serializers.ChoiceField(choices=Role.choices)
    areas = AreaListField(max_length=20, required=False, default=list)
    invited_by = serializers.CharField(read_only=True)
    sent_at = InstantField(read_only=True)
    expires_at = InstantField(read_only=True)


class TeamQuery(StrictSerializer, PageQuery):
    """The page of a list of the team."""
