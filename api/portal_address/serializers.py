"""What the API takes and answers about the portal's address."""

from rest_framework import serializers

from api.protocol.fields import SingleLineField
from api.protocol.serializers import StrictSerializer


class PortalAddressSerializer(StrictSerializer):
    """The portal's address below the platform's domain. Former ones redirect here for good."""

    slug = SingleLineField(max_length=63, help_text="The first part of the host name.")
    url = serializers.CharField(read_only=True)
    former_slugs = serializers.ListField(
        child=serializers.CharField(read_only=True), read_only=True, help_text="The business may return to each."
    )
    refusal = serializers.CharField(
        read_only=True, help_text="Why no new address can be taken now, in words; empty if one can."
    )


class AddressInvitationSerializer(StrictSerializer):
    """The client who is mailed the portal’s address."""

    client = serializers.UUIDField()


class SlugQuery(StrictSerializer):
    """The address that is asked about."""

    slug = SingleLineField(max_length=63)


class AvailabilitySerializer(StrictSerializer):
    """Whether an address can be taken."""

    slug = serializers.CharField(read_only=True)
    is_available = serializers.BooleanField(read_only=True)
    refusal = serializers.CharField(read_only=True, help_text="Why not, in words.")
