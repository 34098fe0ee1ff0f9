"""What the API takes and answers about support tickets."""

from typing import Any

from rest_framework import serializers

from api.clients.client_references import ClientReferenceSerializer
from api.protocol.fields import InstantField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from portal.signin_support.support_tickets import STAFF_RESOLUTIONS
from tenants.models import TicketResolution, TicketState


class NewTicketSerializer(StrictSerializer):
    """Whom a ticket is about: a client, or what somebody typed who is not on the list."""

    client = serializers.UUIDField(required=False)
    typed = SingleLineField(max_length=254, required=False, help_text="Support sees it in masked form only.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require one of the two. Raises ValidationError."""
        if len(attrs) != 1:
            raise serializers.ValidationError("Send `client` or `typed`.", code="one_required")
        return attrs


class TicketSerializer(StrictSerializer):
    """A ticket with the platform’s support about somebody who can’t sign in."""

    id = serializers.UUIDField(read_only=True)
    state = serializers.ChoiceField(choices=TicketState.choices, read_only=True)
    client = ClientReferenceSerializer(read_only=True, allow_null=True)
    typed = serializers.CharField(
        read_only=True, help_text="What somebody typed who is not on the list. Only the business sees it."
    )
    opened_by = serializers.CharField(read_only=True, help_text="Empty if they have gone.")
    opened_at = InstantField(read_only=True)
    answer = serializers.CharField(read_only=True, help_text="Support’s answer, or empty.")
    answered_at = InstantField(read_only=True, allow_null=True)
    resolution = serializers.ChoiceField(choices=TicketResolution.choices, read_only=True, allow_blank=True)
    closed_at = InstantField(read_only=True, allow_null=True)


class TicketClosureSerializer(StrictSerializer):
    """Why a ticket is closed."""

    resolution = serializers.ChoiceField(choices=[(one.value, one.label) for one in STAFF_RESOLUTIONS])


class TicketListQuery(StrictSerializer, PageQuery):
    """The page of tickets that is wanted, and in which state they are."""

    state = serializers.ChoiceField(choices=TicketState.choices, required=False, default="")
