"""What the client API takes and answers about signing in."""

from typing import Any

from rest_framework import serializers

from api.portal.challenges import CodeSerializer
from api.protocol.fields import InstantField, SingleLineField
from api.protocol.serializers import StrictSerializer
from portal.access.services import IssuedTokens
from tenants.models import Channel

DEVICE_HELP = "What this program was given when a client last signed in with it: then it is recognised."


class DeviceTokenSerializer(StrictSerializer):
    """A step of signing in, by a program that may have been used before."""

    device_token = SingleLineField(max_length=100, required=False, default="", allow_blank=True, help_text=DEVICE_HELP)


class ChallengeRequestSerializer(DeviceTokenSerializer):
    """A request for a code."""

    identifier = SingleLineField(max_length=254, help_text="An email address or a mobile number.")
    wait_token = SingleLineField(
        max_length=300, required=False, default="", allow_blank=True, help_text="From a problem `wait_required`."
    )


class AnswerSerializer(DeviceTokenSerializer, CodeSerializer):
    """The code from the message."""

    remember_me = serializers.BooleanField(required=False, default=False, help_text="Whether to stay signed in longer.")


class ChoiceSerializer(DeviceTokenSerializer):
    """One of the clients who share the address."""

    client = serializers.UUIDField()
    remember_me = serializers.BooleanField(required=False, default=False)


class ResendSerializer(DeviceTokenSerializer):
    """A request for another code."""

    channel = serializers.ChoiceField(choices=Channel.choices, required=False, allow_null=True, default=None)


class TokensSerializer(StrictSerializer):
    """The tokens of a program that is signed in."""

    access_token = serializers.CharField(read_only=True)
    access_expires_at = InstantField(read_only=True)
    refresh_token = serializers.CharField(read_only=True, help_text="Works once: each refresh brings the next one.")
    session_id = serializers.UUIDField(read_only=True)


class SharingClientSerializer(StrictSerializer):
    """One of the clients who share the address."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)


class SignInSerializer(StrictSerializer):
    """The end of signing in: the tokens, or the clients of whom one has to be chosen."""

    tokens = TokensSerializer(read_only=True, allow_null=True)
    device_token = serializers.CharField(read_only=True, allow_null=True, help_text="Keep it for the next sign-in.")
    clients = SharingClientSerializer(many=True, read_only=True)


def present_tokens(issued: IssuedTokens) -> dict[str, Any]:
    """Return what the API answers with new tokens."""
    return {
        "access_token": issued.access_token,
        "access_expires_at": issued.access_expires_at,
        "refresh_token": issued.refresh_token,
        "session_id": issued.session.pk,
    }
