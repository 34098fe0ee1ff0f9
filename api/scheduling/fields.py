"""Fields of scheduling: hours of the clock, prices, and objects that are sent whole."""

import re
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.protocol.fields import SingleLineField
from api.protocol.serializers import StrictSerializer

CLOCK_TIME = re.compile(r"([0-9]{2}):([0-5][0-9])")
MAX_MINUTE = 2880
MAX_PRICE = 10**12


@extend_schema_field({"type": "string", "pattern": "^([0-3][0-9]|4[0-7]):[0-5][0-9]$|^48:00$"})
class ClockTimeField(serializers.Field):
    """An hour of the clock as HH:MM, to and from minutes after midnight. Hours from 24 are those of the next day."""

    default_error_messages = {
        "invalid": "Give a time as HH:MM, such as 09:00; 24:00 is midnight, and 26:00 is two o’clock on the next day."
    }

    def to_internal_value(self, data: Any) -> int:
        """Return minutes after midnight, up to the end of the next day. Raises ValidationError."""
        found = CLOCK_TIME.fullmatch(data) if isinstance(data, str) else None
        minute = int(found[1]) * 60 + int(found[2]) if found else MAX_MINUTE + 1
        if minute > MAX_MINUTE:
            self.fail("invalid")
        return minute

    def to_representation(self, value: int) -> str:
        """Return minutes after midnight as HH:MM."""
        return f"{value // 60:02}:{value % 60:02}"


class WholeSerializer(StrictSerializer):
    """An object inside another that is sent whole, also where only a part of the other is changed."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated values. Raises ValidationError for a field that is missing."""
        if isinstance(data, Mapping):
            missing = [name for name, field in self.fields.items() if field.required and name not in data]
            if missing:
                text = str(serializers.Field.default_error_messages["required"])
                raise serializers.ValidationError({name: [text] for name in missing}, code="required")
        return super().to_internal_value(data)


class PriceSerializer(WholeSerializer):
    """An amount in the smallest unit of the business’s currency."""

    amount = serializers.IntegerField(min_value=0, max_value=MAX_PRICE)
    currency = SingleLineField(max_length=3, required=False, help_text="That of the business.")


def present_price(amount: int | None, currency: str) -> dict[str, Any] | None:
    """Return what the API shows of a price; None where none is shown."""
    return None if amount is None else {"amount": amount, "currency": currency}
