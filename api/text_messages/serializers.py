"""What the API answers about text messages and what stops them."""

from rest_framework import serializers

from api.protocol.fields import InstantField
from api.protocol.serializers import StrictSerializer
from tenants.models import SmsStopReason


class MoneySerializer(StrictSerializer):
    """An amount in the smallest unit of its currency."""

    amount = serializers.IntegerField(read_only=True)
    currency = serializers.CharField(read_only=True)


class TextMessageUsageSerializer(StrictSerializer):
    """What was texted in the last 24 hours, and how much may be."""

    texts = serializers.IntegerField(read_only=True)
    texts_per_day = serializers.IntegerField(read_only=True, help_text="How many may be sent.")
    codes = serializers.IntegerField(read_only=True, help_text="How many of the texts had a code.")
    used_codes = serializers.IntegerField(read_only=True, help_text="How many of the codes were typed in.")
    cost = MoneySerializer(read_only=True)
    budget = MoneySerializer(read_only=True, help_text="What the texts of a day may cost.")


class SmsStopSerializer(StrictSerializer):
    """A stop: texts that are not sent, why, and until when."""

    id = serializers.UUIDField(read_only=True)
    reason = serializers.ChoiceField(choices=SmsStopReason.choices, read_only=True)
    area = serializers.CharField(
        read_only=True, help_text="The country, or the first digits of the numbers, whose texts are stopped; or empty."
    )
    title = serializers.CharField(read_only=True, help_text="Which texts are stopped, in words.")
    explanation = serializers.CharField(read_only=True, help_text="Why, in words.")
    keeps_established = serializers.BooleanField(
        read_only=True, help_text="Whether numbers that were used for signing in are still texted."
    )
    is_liftable = serializers.BooleanField(read_only=True)
    started_at = InstantField(read_only=True)
    ends_at = InstantField(read_only=True)
