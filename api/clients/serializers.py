"""What the API takes and answers about clients."""

from rest_framework import serializers

from api.protocol.fields import JSONValueField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from portal.clients.models import ClientStatus, ContactKind, ContactSource, TagColour
from portal.clients.services.search import LAST_SIGN_IN_PERIODS

YES_OR_NO = ("yes", "no")
SORTS = [f"{sign}{column}" for column in ("name", "added", "seen") for sign in ("", "-")]


class ContactSerializer(StrictSerializer):
    """An address on a client’s card."""

    id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(choices=ContactKind.choices, read_only=True)
    value = SingleLineField(max_length=254, help_text="An email address, or a phone number as E.164.")
    label = SingleLineField(max_length=40, required=False, allow_blank=True)
    may_sign_in = serializers.BooleanField(read_only=True)
    is_main = serializers.BooleanField(read_only=True)
    source = serializers.ChoiceField(choices=ContactSource.choices, read_only=True)
    confirmed_at = serializers.DateTimeField(read_only=True, allow_null=True)


class ClientTagSerializer(StrictSerializer):
    """A tag on a client’s card."""

    id = serializers.UUIDField()
    name = serializers.CharField(read_only=True)
    colour = serializers.ChoiceField(choices=TagColour.choices)


class ClientSerializer(StrictSerializer):
    """A client of the business."""

    id = serializers.UUIDField(read_only=True)
    name = SingleLineField(max_length=160)
    status = serializers.ChoiceField(choices=ClientStatus.choices, read_only=True)
    source = serializers.CharField(read_only=True)
    language = SingleLineField(max_length=8, required=False, allow_blank=True)
    time_zone = SingleLineField(max_length=64, required=False, allow_blank=True)
    contacts = ContactSerializer(many=True, read_only=True)
    tags = ClientTagSerializer(many=True, read_only=True)
    custom = JSONValueField(required=False, help_text="Values of custom fields, by the field’s id.")
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True, allow_null=True)
    signed_in_at = serializers.DateTimeField(read_only=True, allow_null=True)


class ClientListQuery(StrictSerializer, PageQuery):
    """The search, filters and order of the client list."""

    search = SingleLineField(max_length=200, required=False, default="", allow_blank=True)
    status = serializers.ChoiceField(choices=[*ClientStatus.values, "all"], required=False, default="")
    tag = serializers.ListField(child=serializers.UUIDField(), max_length=10, required=False, default=list)
    source = SingleLineField(max_length=16, required=False, default="")
    can_sign_in = serializers.ChoiceField(choices=YES_OR_NO, required=False, default="")
    has_mobile = serializers.ChoiceField(choices=YES_OR_NO, required=False, default="")
    last_sign_in = serializers.ChoiceField(
        choices=[*LAST_SIGN_IN_PERIODS, "long-ago", "never"], required=False, default=""
    )
    sort = serializers.ChoiceField(choices=SORTS, required=False, default="name")
