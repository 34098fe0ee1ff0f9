"""What the API takes and answers about the rules of booking."""

from rest_framework import serializers

from api.protocol.fields import MultiLineField, SingleLineField
from api.protocol.serializers import StrictSerializer
from portal.scheduling.models import Acceptance

# A month, in minutes.
MAX_MINUTES = 43200


class SchedulingSettingsSerializer(StrictSerializer):
    """The rules of booking of all services. Times without a unit are in minutes."""

    is_on = serializers.BooleanField(help_text="Whether clients can book.")
    intro = MultiLineField(max_length=600, allow_blank=True, help_text="The text above the services.")
    notice = serializers.IntegerField(
        min_value=0,
        max_value=MAX_MINUTES,
        help_text="How long before its start an appointment is booked at the latest.",
    )
    horizon = serializers.IntegerField(min_value=1, max_value=730, help_text="How many days ahead clients can book.")
    start_interval = serializers.IntegerField(min_value=5, max_value=1440, help_text="Between the starts offered.")
    acceptance = serializers.ChoiceField(choices=Acceptance.choices)
    reschedule_window = serializers.IntegerField(
        min_value=0, max_value=MAX_MINUTES, help_text="Before the start, in which clients can’t move it any more."
    )
    cancel_window = serializers.IntegerField(
        min_value=0, max_value=MAX_MINUTES, help_text="Before the start, in which clients can’t cancel it any more."
    )
    reminders = serializers.ListField(
        child=serializers.IntegerField(min_value=5, max_value=MAX_MINUTES),
        max_length=3,
        help_text="How long before the start clients are reminded.",
    )
    has_waiting_list = serializers.BooleanField(help_text="Whether clients can wait for a time to become free.")
    offer_lifetime = serializers.IntegerField(
        min_value=30, max_value=4320, help_text="For how long a free time is held for who is next on the waiting list."
    )
    has_follow_up = serializers.BooleanField(help_text="Whether clients are written to afterwards.")
    shows_attendees = serializers.BooleanField(help_text="Whether those who share a time see one another’s names.")
    holiday_country = SingleLineField(max_length=2, allow_blank=True, help_text="Whose public holidays are closed.")
    holiday_subdivision = SingleLineField(max_length=8, allow_blank=True, help_text="A part of that country.")

    def validate_reminders(self, values: list[int]) -> list[int]:
        """Return each reminder once, the earliest first."""
        return sorted(set(values), reverse=True)
