"""What the API takes and answers about what staff did."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from rest_framework import serializers

from api.clients.client_references import ClientReferenceSerializer
from api.protocol.fields import InstantField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from portal.activity.forms import EARLIEST, LATEST
from portal.activity.models import Entry
from portal.activity.queries import AuditFilter
from tenants.nouns import registry

YEARS: list[MinValueValidator | MaxValueValidator] = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]


class FieldChangeSerializer(StrictSerializer):
    """A changed field with its values as people read them."""

    field = serializers.CharField(read_only=True)
    before = serializers.CharField(read_only=True)
    after = serializers.CharField(read_only=True)


class EntrySerializer(StrictSerializer):
    """Something that happened, and who did it. An entry never changes."""

    id = serializers.UUIDField(read_only=True)
    at = InstantField(read_only=True)
    event_type = serializers.CharField(read_only=True, help_text="Such as `clients.added`: stable, for programs.")
    title = serializers.CharField(read_only=True, help_text="The type in words.")
    actor = serializers.ChoiceField(choices=Entry.Actor.choices, read_only=True)
    actor_name = serializers.CharField(read_only=True)
    person = serializers.UUIDField(read_only=True, allow_null=True, help_text="The member of staff who did it.")
    ip = serializers.CharField(read_only=True, allow_null=True)
    client = ClientReferenceSerializer(read_only=True, allow_null=True)
    details = serializers.ListField(child=serializers.CharField(read_only=True), read_only=True)
    changes = FieldChangeSerializer(many=True, read_only=True)


class AuditQuery(StrictSerializer):
    """The filters of the activity; days begin at midnight in the business’s time zone."""

    person = serializers.UUIDField(required=False, default=None, help_text="A member of staff, also a former one.")
    kind = serializers.ChoiceField(choices=list(registry.get_event_area_labels()), required=False, default="")
    client = SingleLineField(max_length=80, required=False, default="", help_text="A part of the client’s name.")
    since = serializers.DateField(required=False, default=None, validators=YEARS)
    until = serializers.DateField(required=False, default=None, validators=YEARS)


class ActivityListQuery(AuditQuery, PageQuery):
    """The filters of the activity, and the page."""


def build_audit_filter(query: dict[str, Any]) -> AuditFilter:
    """Return the filter that a validated query asks for."""
    return AuditFilter(**{name: query[name] for name in AuditQuery().fields})
