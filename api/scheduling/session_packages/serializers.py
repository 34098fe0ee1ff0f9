"""What the API takes and answers about packages of sessions."""

from rest_framework import serializers

from api.protocol.fields import InstantField, SingleLineField
from api.protocol.serializers import StrictSerializer
from api.scheduling.fields import PriceSerializer
from portal.scheduling.models import MAX_SESSIONS, MAX_VALIDITY_DAYS

MAX_SERVICES = 200
YES_OR_NO = ("yes", "no")


class SessionPackageSerializer(StrictSerializer):
    """Several sessions of certain services, which clients can be given."""

    id = serializers.UUIDField(read_only=True)
    name = SingleLineField(max_length=80)
    sessions = serializers.IntegerField(min_value=1, max_value=MAX_SESSIONS, help_text="How many it holds.")
    services = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MAX_SERVICES, help_text="Those that it covers."
    )
    price = PriceSerializer(required=False, allow_null=True, help_text="Null: no price is shown.")
    validity_days = serializers.IntegerField(
        min_value=1,
        max_value=MAX_VALIDITY_DAYS,
        required=False,
        allow_null=True,
        help_text="From the day on which it is given; null without an end.",
    )
    created_at = InstantField(read_only=True)
    archived_at = InstantField(read_only=True, allow_null=True)


class SessionPackageListQuery(StrictSerializer):
    """Which packages are listed."""

    is_archived = serializers.ChoiceField(choices=YES_OR_NO, required=False, default="")
