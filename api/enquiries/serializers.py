"""What the API takes and answers about enquiries."""

from rest_framework import serializers

from api.clients.client_references import ClientReferenceSerializer
from api.protocol.fields import InstantField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from portal.intake.models import Enquiry

YES_OR_NO = ("yes", "no")


class EnquirySerializer(StrictSerializer):
    """A contact form as it was sent. What was typed never changes; only whether staff have read it."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)
    mobile = serializers.CharField(read_only=True, help_text="E.164, or empty.")
    message = serializers.CharField(read_only=True)
    custom = serializers.JSONField(read_only=True, help_text="Answers to custom fields, by the field’s id.")
    language = serializers.CharField(read_only=True)
    match_result = serializers.ChoiceField(choices=Enquiry.MatchResult.choices, read_only=True)
    client = ClientReferenceSerializer(read_only=True, allow_null=True)
    is_read = serializers.BooleanField()
    read_at = InstantField(read_only=True, allow_null=True)
    reader_name = serializers.CharField(read_only=True)
    received_at = InstantField(read_only=True)


class EnquiryDetailSerializer(EnquirySerializer):
    """An enquiry with the clients to whom it can be assigned, where it matches several."""

    candidates = ClientReferenceSerializer(many=True, read_only=True)


class AssignmentSerializer(StrictSerializer):
    """The client to whom an enquiry is assigned: one of its candidates."""

    client = serializers.UUIDField()


class EnquiryListQuery(StrictSerializer, PageQuery):
    """The filters of the enquiries."""

    is_read = serializers.ChoiceField(choices=YES_OR_NO, required=False, default="")
    client = serializers.UUIDField(required=False, default=None)
