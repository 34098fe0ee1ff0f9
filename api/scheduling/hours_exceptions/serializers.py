"""What the API takes and answers about exceptions to the weekly hours."""

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from rest_framework import serializers

from api.protocol.fields import SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from api.scheduling.fields import ClockTimeField
from api.scheduling.slots import check_range
from api.scheduling.staff_calendars.serializers import check_hours

YEARS: list[MinValueValidator | MaxValueValidator] = [
    MinValueValidator(date(2000, 1, 1)),
    MaxValueValidator(date(2100, 12, 31)),
]
MAX_DAYS = 731


class HoursExceptionSerializer(StrictSerializer):
    """Other hours on some days. Without hours the days are closed; a closed day wins over other hours.

    Agreed appointments stay.
    """

    id = serializers.UUIDField(read_only=True)
    staff = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="The staff calendar; null for all of them."
    )
    starts_on = serializers.DateField(validators=YEARS)
    ends_on = serializers.DateField(validators=YEARS, required=False, help_text="The last day. At first `starts_on`.")
    starts = ClockTimeField(required=False, allow_null=True, default=None, help_text="Null: closed.")
    ends = ClockTimeField(
        required=False,
        allow_null=True,
        default=None,
        help_text="`24:00` is midnight, and more are hours of the next day.",
    )
    is_addition = serializers.BooleanField(
        required=False, default=False, help_text="Whether the hours are added to the weekly ones, or replace them."
    )
    label = SingleLineField(max_length=80, required=False, allow_blank=True, default="")
    holiday_country = serializers.CharField(
        read_only=True, help_text="Whose public holiday it is, if it was taken over as one; else empty."
    )

    def validate(self, attrs: Any) -> Any:
        """Require days and hours in order, and hours where they are added."""
        attrs.setdefault("ends_on", attrs["starts_on"])
        days = (attrs["ends_on"] - attrs["starts_on"]).days
        if not 0 <= days <= MAX_DAYS:
            text = f"The last day is the first or a later one, {MAX_DAYS} days later at most."
            raise serializers.ValidationError({"ends_on": [text]}, code="invalid")
        if (attrs["starts"] is None) != (attrs["ends"] is None):
            raise serializers.ValidationError({"ends": ["Give both the beginning and the end."]}, code="required")
        if attrs["starts"] is not None:
            check_hours(attrs["starts"], attrs["ends"])
        elif attrs["is_addition"]:
            raise serializers.ValidationError({"starts": ["Say which hours are added."]}, code="required")
        return attrs


class HoursExceptionListQuery(StrictSerializer, PageQuery):
    """The filters of the exceptions."""

    staff = serializers.UUIDField(
        required=False, default=None, help_text="A staff calendar; those for all calendars are listed as well."
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields, of which the name of one is a word of Python."""
        return super().get_fields() | {
            "from": serializers.DateField(
                required=False, default=None, validators=YEARS, help_text="Exceptions that end on this day or later."
            ),
            "to": serializers.DateField(
                required=False, default=None, validators=YEARS, help_text="Exceptions that begin before this day."
            ),
        }

    def validate(self, attrs: Any) -> Any:
        """Require a range that isn't empty."""
        check_range(attrs["from"], attrs["to"])
        return attrs
