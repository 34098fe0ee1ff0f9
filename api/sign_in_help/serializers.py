"""What the API takes and answers about clients who can't sign in."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.clients.client_references import ClientReferenceSerializer
from api.protocol.fields import InstantField, SingleLineField
from api.protocol.serializers import StrictSerializer
from portal.clients.models import ClientStatus, ContactKind
from portal.signin_support.client_lookup import SignInEligibility
from tenants.models import Channel

OUTCOMES = [*SignInEligibility, "shared", "similar", "unknown", "unreadable"]
TONES = ("calm", "good", "wait", "bad")
ATTEMPT_STATES = ("in_progress", "signed_in", "ended")


class StepSerializer(StrictSerializer):
    """One thing that happened, in words, and what to do next."""

    at = InstantField(read_only=True)
    title = serializers.CharField(read_only=True)
    detail = serializers.CharField(read_only=True)
    next_step = serializers.CharField(read_only=True)
    tone = serializers.ChoiceField(choices=TONES, read_only=True)


@extend_schema_serializer(component_name="Attempt")  # As in 1.0.0.
class SignInAttemptSerializer(StrictSerializer):
    """One attempt to sign in by one browser, with its steps, the oldest first. No code is among them."""

    id = serializers.UUIDField(read_only=True)
    started_at = InstantField(read_only=True)
    identifier_masked = serializers.CharField(read_only=True, help_text="What was typed.")
    state = serializers.ChoiceField(choices=ATTEMPT_STATES, read_only=True)
    channel = serializers.ChoiceField(choices=Channel.choices, read_only=True, help_text="Of the latest code.")
    sends_left = serializers.IntegerField(read_only=True, help_text="How many more codes can be sent for it.")
    delivery_problem = serializers.CharField(read_only=True, help_text="Why the newest code is late or lost, or empty.")
    steps = StepSerializer(many=True, read_only=True)


class LookupSerializer(StrictSerializer):
    """What a client says they typed: an email address, a phone number or a name."""

    typed = SingleLineField(max_length=254)


@extend_schema_serializer(component_name="Address")  # As in 1.0.0.
class AddressEligibilitySerializer(StrictSerializer):
    """An address on a client’s card, and whether it can be used to sign in."""

    id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(choices=ContactKind.choices, read_only=True)
    value = serializers.CharField(read_only=True)
    eligibility = serializers.ChoiceField(choices=[*SignInEligibility], read_only=True)
    eligibility_text = serializers.CharField(read_only=True)


class LookupMatchSerializer(StrictSerializer):
    """A client who fits what was typed, and the address that fits best."""

    client = ClientReferenceSerializer(read_only=True)
    address = AddressEligibilitySerializer(read_only=True, allow_null=True)


class LookupResultSerializer(StrictSerializer):
    """What an address means: whose it is, whether a code can be sent to it, and what to do."""

    outcome = serializers.ChoiceField(choices=OUTCOMES, read_only=True)
    title = serializers.CharField(read_only=True)
    next_step = serializers.CharField(read_only=True)
    exact = LookupMatchSerializer(many=True, read_only=True)
    similar = LookupMatchSerializer(many=True, read_only=True)
    attempts = SignInAttemptSerializer(
        many=True, read_only=True, help_text="The last day’s attempts with an address that nobody has."
    )


class SuppressionSerializer(StrictSerializer):
    """An address that a provider refuses."""

    id = serializers.UUIDField(read_only=True)
    channel = serializers.ChoiceField(choices=Channel.choices, read_only=True)
    reason = serializers.CharField(read_only=True)
    reason_text = serializers.CharField(read_only=True)
    since = InstantField(read_only=True)
    blocks_codes = serializers.BooleanField(read_only=True)
    removal_requested_at = InstantField(read_only=True, allow_null=True)


@extend_schema_serializer(component_name="CheckedAddress")  # Or it had the name above.
class CheckedAddressSerializer(AddressEligibilitySerializer):
    """An address on the card with its suppression, if a provider refuses it."""

    suppression = SuppressionSerializer(read_only=True, allow_null=True)


class NearMissSerializer(StrictSerializer):
    """An address like one on the card that somebody typed and nobody has."""

    identifier_masked = serializers.CharField(read_only=True)
    at = InstantField(read_only=True)


class OutageSerializer(StrictSerializer):
    """A channel on which codes are delayed."""

    channel = serializers.ChoiceField(choices=Channel.choices, read_only=True)
    started_at = InstantField(read_only=True)


class DiagnosticsSerializer(StrictSerializer):
    """Why a client can’t sign in, or how far they came, and the one thing to do."""

    client = ClientReferenceSerializer(read_only=True)
    status = serializers.ChoiceField(choices=ClientStatus.choices, read_only=True)
    may_sign_in = serializers.BooleanField(read_only=True)
    diagnosis = StepSerializer(read_only=True)
    addresses = CheckedAddressSerializer(many=True, read_only=True)
    attempts = SignInAttemptSerializer(many=True, read_only=True)
    near_misses = NearMissSerializer(many=True, read_only=True)
    outages = OutageSerializer(many=True, read_only=True)


class CodeRequestSerializer(StrictSerializer):
    """How to send another code."""

    channel = serializers.ChoiceField(choices=Channel.choices)


class SentCodeSerializer(StrictSerializer):
    """Another code, which is on its way. The previous one still works."""

    channel = serializers.ChoiceField(choices=Channel.choices, read_only=True)
    sends_left = serializers.IntegerField(read_only=True)
    expires_at = InstantField(read_only=True, help_text="When the attempt ends.")


class AttemptLinkRequestSerializer(StrictSerializer):
    """The address with which a client’s browser is to begin an attempt."""

    contact = serializers.UUIDField()


class AttemptLinkSerializer(StrictSerializer):
    """A link that begins an attempt in the client’s browser and sends a code. It signs nobody in."""

    url = serializers.CharField(read_only=True)
    identifier_masked = serializers.CharField(read_only=True)
    expires_at = InstantField(read_only=True)
