"""What the client API takes and answers about passkeys."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.portal.sign_in.serializers import DeviceTokenSerializer
from api.protocol.fields import InstantField, JSONValueField, SingleLineField
from api.protocol.serializers import StrictSerializer
from portal.passkeys.services import ListedPasskey
from portal.passkeys.services.challenges import MAX_STATE_LENGTH
from tenants.user_agents import translate_user_agent_label

PUBLIC_KEY_HELP = (
    "What `PublicKeyCredential.parse…OptionsFromJSON()` takes, for `navigator.credentials.create()` or `get()`."
)


class PasskeySerializer(StrictSerializer):
    """A passkey of the client’s."""

    id = serializers.UUIDField(read_only=True)
    device = serializers.CharField(read_only=True, help_text="The device on which it was added.")
    host = serializers.CharField(read_only=True, help_text="The portal’s address at which alone it works.")
    works = serializers.BooleanField(read_only=True, help_text="Whether it signs the client in here now.")
    created_at = InstantField(read_only=True)
    used_at = InstantField(read_only=True, allow_null=True)


class PasskeyChallengeSerializer(StrictSerializer):
    """What an authenticator signs, and the state to send back with it within five minutes."""

    state = serializers.CharField(read_only=True)
    public_key = serializers.DictField(read_only=True, help_text=PUBLIC_KEY_HELP)


class SignInPasskeyChallengeSerializer(PasskeyChallengeSerializer):
    """What any passkey of this portal may sign. It names no client."""

    id = serializers.CharField(read_only=True, help_text="A secret: only who knows it can answer.")


@extend_schema_serializer(component_name="PasskeyAnswer")  # As in 1.0.0.
class PasskeyResponseSerializer(StrictSerializer):
    """What an authenticator signed."""

    state = SingleLineField(max_length=MAX_STATE_LENGTH)
    credential = JSONValueField(help_text="The `toJSON()` of the credential.")


@extend_schema_serializer(component_name="SignInPasskeyAnswer")  # As in 1.0.0.
class SignInPasskeyResponseSerializer(DeviceTokenSerializer, PasskeyResponseSerializer):
    """What a passkey signed, to sign in."""


def present_passkey(listed: ListedPasskey) -> dict[str, Any]:
    """Return what the API shows of a passkey."""
    shown = {name: getattr(listed.passkey, name) for name in ("id", "host", "created_at", "used_at")}
    shown |= {"device": translate_user_agent_label(listed.passkey.device), "works": listed.works}
    return dict(PasskeySerializer(shown).data)
