"""What the API takes and answers about the calendars that staff keep elsewhere."""

from rest_framework import serializers

from api.protocol.fields import InstantField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from portal.scheduling.models import FetchError
from portal.scheduling.outside_calendars.addresses import MAX_ADDRESS_LENGTH


class OutsideCalendarSerializer(StrictSerializer):
    """A calendar that somebody who gives services keeps elsewhere: when it is busy, clients can’t book.

    Its address is a secret: it is taken and never answered. While it can’t be read, what was read last counts.
    """

    id = serializers.UUIDField(read_only=True)
    staff = serializers.UUIDField(help_text="The staff calendar.")
    name = SingleLineField(max_length=80)
    address = SingleLineField(
        max_length=MAX_ADDRESS_LENGTH, write_only=True, help_text="In iCal format: `https://` or `webcal://`."
    )
    is_active = serializers.BooleanField(read_only=True, help_text="Whether it counts.")
    last_fetched_at = InstantField(read_only=True, allow_null=True, help_text="When reading it was last tried.")
    last_ok_at = InstantField(read_only=True, allow_null=True, help_text="When it was last read.")
    last_error = serializers.ChoiceField(
        choices=["", *FetchError.values], read_only=True, help_text="Why it can’t be read; empty if it can."
    )
    is_stale = serializers.BooleanField(read_only=True, help_text="Whether it was not read for hours.")
    created_at = InstantField(read_only=True)


class OutsideCalendarChangeSerializer(OutsideCalendarSerializer):
    """What can be changed of an outside calendar."""

    staff = serializers.UUIDField(read_only=True)
    is_active = serializers.BooleanField(required=False, help_text="Whether it counts.")


class OutsideCalendarListQuery(StrictSerializer, PageQuery):
    """The filter of the outside calendars."""

    staff = serializers.UUIDField(required=False, default=None, help_text="A staff calendar.")
