"""What the API takes and answers about staff calendars and their weekly hours."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from rest_framework import serializers

from api.protocol.fields import InstantField, SingleLineField
from api.protocol.serializers import StrictSerializer
from api.scheduling.fields import ClockTimeField, WholeSerializer

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAX_SPANS = 70
A_DAY = 1440


class StaffCalendarSerializer(StrictSerializer):
    """The calendar of one person who gives services; its id stands for the person as `staff` elsewhere."""

    id = serializers.UUIDField(read_only=True)
    name = SingleLineField(max_length=80, help_text="As clients see it.")
    person = serializers.UUIDField(
        required=False, allow_null=True, help_text="The member of the team; null for somebody who doesn’t sign in."
    )
    time_zone = SingleLineField(max_length=64, required=False, help_text="Of its hours. At first the business’s.")
    daily_limit = serializers.IntegerField(
        min_value=1, max_value=1000, required=False, allow_null=True, help_text="The most appointments on one day."
    )
    is_active = serializers.BooleanField(required=False, help_text="Whether it can be booked.")
    created_at = InstantField(read_only=True)

    def validate_time_zone(self, value: str) -> str:
        """Require a time zone of the IANA database."""
        if value not in available_timezones():
            raise serializers.ValidationError("There is no such time zone.", code="invalid_choice")
        return value


class OpeningHoursSerializer(WholeSerializer):
    """A span of hours that repeats every week, by the clocks of the calendar’s time zone.

    It belongs to the day it starts: from `22:00` to `26:00` on Friday is until two o’clock on Saturday.
    """

    weekday = serializers.ChoiceField(choices=WEEKDAYS)
    starts = ClockTimeField(help_text="Such as `09:00`, before `24:00`.")
    ends = ClockTimeField(help_text="Such as `17:00`; `24:00` is midnight, and more are hours of the next day.")

    def validate(self, attrs: Any) -> Any:
        """Require that the hours begin on their day, and before they end."""
        check_hours(attrs["starts"], attrs["ends"])
        return attrs


class WeekSerializer(StrictSerializer):
    """All weekly hours of a calendar."""

    items = OpeningHoursSerializer(many=True, max_length=MAX_SPANS)

    def validate_items(self, items: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        """Require that the hours of one day don't overlap."""
        spans = sorted((WEEKDAYS.index(one["weekday"]), one["starts"], one["ends"]) for one in items)
        if any(one[0] == other[0] and other[1] < one[2] for one, other in pairwise(spans)):
            raise serializers.ValidationError("The hours of one day overlap.", code="overlap")
        return items


def check_hours(starts: int, ends: int) -> None:
    """Check minutes after midnight: a span begins on its day, and before it ends. Raises ValidationError."""
    if starts >= A_DAY:
        raise serializers.ValidationError({"starts": ["Hours begin before 24:00."]}, code="max_value")
    if ends <= starts:
        text = "The end has to be after the beginning: add 24 hours for the next day, as in 26:00."
        raise serializers.ValidationError({"ends": [text]}, code="before_start")
