"""What the API takes and answers about suggestions."""

from rest_framework import serializers

from api.clients.client_references import ClientReferenceSerializer
from api.protocol.fields import InstantField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from portal.clients.models import SuggestionKind, SuggestionResolution


class SubmittedDataSerializer(StrictSerializer):
    """What a form or list said about the person."""

    name = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)
    phone = serializers.CharField(read_only=True)


class SuggestionSerializer(StrictSerializer):
    """A difference between what was submitted and a client’s card, for staff to decide on."""

    id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(read_only=True, choices=SuggestionKind.choices)
    client = ClientReferenceSerializer(read_only=True, allow_null=True)
    value = serializers.CharField(read_only=True, help_text="The other name or address.")
    candidates = ClientReferenceSerializer(
        many=True,
        read_only=True,
        help_text="The other clients who have the address: possible duplicates, or those it may belong to.",
    )
    submitted = SubmittedDataSerializer(read_only=True)
    source = serializers.CharField(read_only=True)
    enquiry = serializers.UUIDField(read_only=True, allow_null=True, help_text="The enquiry that it came from.")
    created_at = InstantField(read_only=True)
    resolution = serializers.ChoiceField(read_only=True, choices=SuggestionResolution.choices, allow_blank=True)
    resolved_at = InstantField(read_only=True, allow_null=True)


class AcceptanceSerializer(StrictSerializer):
    """What has to be known to accept a suggestion."""

    may_sign_in = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Of an address: whether it may be used to sign in. Only if you have checked that it is theirs.",
    )


class SuggestionListQuery(StrictSerializer, PageQuery):
    """The filters of the suggestions."""

    client = serializers.UUIDField(required=False, default=None)
