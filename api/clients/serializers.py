"""What the API takes and answers about clients."""

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from rest_framework import serializers

from api.protocol.fields import InstantField, JSONValueField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from api.protocol.sparse_fields import SparseFieldsField
from portal.clients.models import MAX_TAG_LENGTH, ClientStatus, ContactKind, ContactSource, TagColour
from portal.clients.services.search import LAST_SIGN_IN_PERIODS
from tenants.nouns import registry

YES_OR_NO = ("yes", "no")
SORTS = [f"{sign}{column}" for column in ("name", "added", "seen") for sign in ("", "-")]
MAX_CONTACTS, MAX_TAGS, MAX_FILTERS = 20, 50, 10


class ContactSerializer(StrictSerializer):
    """An address on a client’s card."""

    id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(choices=ContactKind.choices, read_only=True)
    value = SingleLineField(max_length=254, help_text="An email address, or a phone number as E.164.")
    label = SingleLineField(max_length=40, required=False, allow_blank=True)
    may_sign_in = serializers.BooleanField(required=False)
    is_main = serializers.BooleanField(required=False, help_text="Whether messages go here, of all of its kind.")
    source = serializers.ChoiceField(choices=ContactSource.choices, read_only=True)
    confirmed_at = InstantField(read_only=True, allow_null=True)


class NewContactSerializer(StrictSerializer):
    """A new address. A number without a country code is one of the business’s country."""

    value = SingleLineField(max_length=254, help_text="An email address or a mobile number.")
    label = SingleLineField(max_length=40, required=False, default="", allow_blank=True)


class ClientTagSerializer(StrictSerializer):
    """A tag on a client’s card."""

    id = serializers.UUIDField(read_only=True)
    name = SingleLineField(max_length=MAX_TAG_LENGTH)
    colour = serializers.ChoiceField(choices=TagColour.choices, read_only=True)


class ClientSerializer(StrictSerializer):
    """A client of the business."""

    id = serializers.UUIDField(read_only=True)
    name = SingleLineField(max_length=160)
    status = serializers.ChoiceField(choices=ClientStatus.choices, read_only=True)
    source = serializers.CharField(read_only=True)
    language = SingleLineField(max_length=8, required=False, allow_blank=True, help_text="Empty: the business’s.")
    time_zone = SingleLineField(max_length=64, required=False, allow_blank=True, help_text="Empty: the business’s.")
    contacts = ContactSerializer(many=True, read_only=True)
    tags = ClientTagSerializer(many=True, read_only=True)
    custom = JSONValueField(required=False, help_text="Values of custom fields, by the field’s id; null removes one.")
    created_at = InstantField(read_only=True)
    updated_at = InstantField(read_only=True, allow_null=True)
    signed_in_at = InstantField(read_only=True, allow_null=True)

    def validate_language(self, value: str) -> str:
        """Require a language of Portico’s."""
        if value and value not in dict(settings.LANGUAGES):
            raise serializers.ValidationError("There is no such language here.", code="invalid_choice")
        return value

    def validate_time_zone(self, value: str) -> str:
        """Require a time zone of the IANA database."""
        if value and value not in available_timezones():
            raise serializers.ValidationError("There is no such time zone.", code="invalid_choice")
        return value


class NewClientSerializer(ClientSerializer):
    """A new client. Somebody with one of the addresses is a problem, except with `add_anyway`."""

    contacts = NewContactSerializer(many=True, allow_empty=False, max_length=MAX_CONTACTS)
    tags = ClientTagSerializer(many=True, required=False, max_length=MAX_TAGS)
    add_anyway = serializers.BooleanField(
        required=False, default=False, write_only=True, help_text="A different person who shares the address."
    )


class ClientFilterQuery(StrictSerializer):
    """The search and the filters of the client list."""

    search = SingleLineField(max_length=200, required=False, default="", allow_blank=True)
    status = serializers.ChoiceField(
        choices=[*ClientStatus.values, "all"], required=False, default="", help_text="Without it: all but archived."
    )
    tag = serializers.ListField(
        child=serializers.UUIDField(), max_length=MAX_FILTERS, required=False, default=list, help_text="All of these."
    )
    source = SingleLineField(max_length=16, required=False, default="")
    can_sign_in = serializers.ChoiceField(choices=YES_OR_NO, required=False, default="")
    has_mobile = serializers.ChoiceField(choices=YES_OR_NO, required=False, default="")
    last_sign_in = serializers.ChoiceField(
        choices=[*LAST_SIGN_IN_PERIODS, "long-ago", "never"], required=False, default=""
    )
    custom = serializers.ListField(
        child=SingleLineField(max_length=200),
        max_length=MAX_FILTERS,
        required=False,
        default=list,
        help_text="The id of a custom field with options, a colon, and a value: `…:yes`, `…:Gold`.",
    )

    def validate_source(self, value: str) -> str:
        """Require a way onto the list that a noun declares."""
        if value and value not in registry.get_client_source_labels():
            raise serializers.ValidationError("There is no such source.", code="invalid_choice")
        return value


class ClientListQuery(ClientFilterQuery, PageQuery):
    """The search, filters and order of the client list."""

    sort = serializers.ChoiceField(choices=SORTS, required=False, default="name")
    fields: Any = SparseFieldsField(ClientSerializer)
