"""What the API takes and answers about the waiting list."""

from rest_framework import serializers

from api.clients.client_references import ClientReferenceSerializer
from api.protocol.fields import InstantField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from api.scheduling.references import ServiceReferenceSerializer, StaffReferenceSerializer
from portal.scheduling.models import PartOfDay, WaitingState


class OfferSerializer(StrictSerializer):
    """A time that is held for the client until they answer."""

    id = serializers.UUIDField(read_only=True)
    staff = StaffReferenceSerializer(read_only=True)
    starts_at = InstantField(read_only=True)
    ends_at = InstantField(read_only=True)
    expires_at = InstantField(read_only=True, help_text="Until when the client can accept it.")


class OwnWaitingListEntrySerializer(StrictSerializer):
    """What a client waits for."""

    id = serializers.UUIDField(read_only=True)
    state = serializers.ChoiceField(choices=WaitingState.choices, read_only=True)
    service = ServiceReferenceSerializer(read_only=True)
    staff = StaffReferenceSerializer(read_only=True, allow_null=True, help_text="Null: anybody.")
    from_on = serializers.DateField(read_only=True)
    until_on = serializers.DateField(read_only=True)
    part_of_day = serializers.ChoiceField(choices=PartOfDay.choices, read_only=True)
    offer = OfferSerializer(
        read_only=True, allow_null=True, help_text="The offer that can be answered, if there is one."
    )
    created_at = InstantField(read_only=True)


class WaitingListEntrySerializer(OwnWaitingListEntrySerializer):
    """A client who waits for a time of a service to become free."""

    client = ClientReferenceSerializer(read_only=True)


class OwnNewEntrySerializer(StrictSerializer):
    """What a client wants to wait for; the days are those of the business’s calendar."""

    service = serializers.UUIDField()
    staff = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="A staff calendar; without it, anybody."
    )
    from_on = serializers.DateField()
    until_on = serializers.DateField(help_text="92 days at most, with the first.")
    part_of_day = serializers.ChoiceField(choices=PartOfDay.choices, required=False, default=PartOfDay.ANY)


class NewEntrySerializer(OwnNewEntrySerializer):
    """Whom staff put on the waiting list, and what for."""

    client = serializers.UUIDField()


class NewOfferSerializer(StrictSerializer):
    """A free time that staff offer."""

    starts_at = InstantField()


class WaitingListQuery(StrictSerializer, PageQuery):
    """The filters of the waiting list."""

    state = serializers.ChoiceField(choices=WaitingState.choices, required=False, default="")
    client = serializers.UUIDField(required=False, default=None)
    service = serializers.UUIDField(required=False, default=None)


class OwnWaitingListQuery(StrictSerializer, PageQuery):
    """The pages of what a client waits for."""
