"""What the API takes and answers about custom domains."""

from rest_framework import serializers

from api.protocol.fields import InstantField, SingleLineField
from api.protocol.serializers import StrictSerializer
from portal.domains.custom_domain_status import STATES


class CustomDomainSerializer(StrictSerializer):
    """A domain of the business’s own for its portal, with the DNS records it needs and what the last check found."""

    id = serializers.UUIDField(read_only=True)
    domain = SingleLineField(max_length=253)
    url = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=[state.name for state in STATES], read_only=True)
    problem = serializers.CharField(read_only=True, help_text="What is wrong, in words, or empty.")
    txt_name = serializers.CharField(read_only=True, help_text="The name of the TXT record that proves ownership.")
    txt_value = serializers.CharField(read_only=True)
    target = serializers.CharField(
        read_only=True, help_text="Where the domain has to point: by CNAME, or its addresses."
    )
    created_at = InstantField(read_only=True)
    checked_at = InstantField(read_only=True, allow_null=True)
    verified_at = InstantField(read_only=True, allow_null=True)
    live_at = InstantField(read_only=True, allow_null=True)
