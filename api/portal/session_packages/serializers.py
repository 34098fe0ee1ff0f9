"""What the client API answers about a client's packages."""

from rest_framework import serializers

from api.scheduling.client_packages.serializers import PackageSumsSerializer


class SessionPackageSerializer(PackageSumsSerializer):
    """A package of the client’s, as it was on the day it was given."""

    expires_on = serializers.DateField(
        read_only=True,
        allow_null=True,
        help_text="The last day on which a session can take place; null without an end.",
    )
