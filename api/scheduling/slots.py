"""Times at which a service can be booked: the query for them, and what is answered of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from rest_framework import serializers

from api.protocol.error_codes import ErrorCode
from api.protocol.fields import InstantField
from api.protocol.problems import ApiProblem, build_field_problem
from api.protocol.serializers import StrictSerializer
from portal.scheduling import services
from portal.scheduling.availability import Slot
from portal.scheduling.models import Appointment, Service
from portal.scheduling.services import SlotQuery
from tenants.models import Business

MAX_DAYS = 62
# How far from today an appointment can be: further than any horizon.
FARTHEST = timedelta(days=2 * 366)
GONE = "This time can’t be booked, or not any more. Choose one of the nearest ones."


class SlotSerializer(StrictSerializer):
    """A time at which a service can be booked."""

    starts_at = InstantField(read_only=True)
    ends_at = InstantField(read_only=True)
    staff = serializers.ListField(
        child=serializers.UUIDField(read_only=True), read_only=True, help_text="The staff calendars that are free."
    )
    seats_left = serializers.IntegerField(read_only=True, help_text="1, unless several clients share one time.")


class SlotQuerySerializer(StrictSerializer):
    """The service and the range of time."""

    service = serializers.UUIDField()
    staff = serializers.UUIDField(required=False, default=None, help_text="A staff calendar; without it, anybody.")

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields, of which the name of one is a word of Python."""
        text = f"Times that start before it; {MAX_DAYS} days after `from` at most."
        instants = {
            "from": InstantField(help_text="Times that start then or later."),
            "to": InstantField(help_text=text),
        }
        return super().get_fields() | instants

    def validate(self, attrs: Any) -> Any:
        """Require a range that isn't empty or too long."""
        check_range(attrs["from"], attrs["to"])
        if attrs["to"] - attrs["from"] > timedelta(days=MAX_DAYS):
            raise serializers.ValidationError({"to": [f"Ask for {MAX_DAYS} days at most."]}, code="too_long")
        return attrs


def check_range(from_at: Any, until_at: Any) -> None:
    """Require that a range of instants or dates isn't empty, if both its ends are given. Raises ValidationError."""
    if from_at is not None and until_at is not None and until_at <= from_at:
        raise serializers.ValidationError({"to": ["The end has to be after the beginning."]}, code="before_from")


def build_slot_query(
    business: Business,
    service: Service,
    *,
    starts_at: datetime,
    until_at: datetime | None = None,
    calendar_id: UUID | None = None,
) -> SlotQuery:
    """Return a query for the times of a service with its needs in a range, by default for one time."""
    rules = services.get_scheduling_settings(business)
    until_at = until_at or starts_at + timedelta(minutes=1)
    return SlotQuery(business, rules, service, starts_at, until_at, calendar_id)


def build_proposal_query(business: Business, appointment: Appointment, starts_at: datetime) -> SlotQuery:
    """Return the query for another time that is proposed instead of an appointment's.

    It is with the same person, unless that one no longer gives the service.
    """
    service, own_id = services.query_services_with_needs().get(pk=appointment.service_id), appointment.entry.calendar_id
    calendar_id = own_id if own_id in service.calendar_ids else None
    return build_slot_query(business, service, starts_at=starts_at, calendar_id=calendar_id)


def present_slots(slots: Sequence[Slot]) -> list[dict[str, Any]]:
    """Return what the API shows of slots; not by their serializer, since there may be many thousands."""
    return [
        {
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "staff": [str(key) for key in slot.calendar_ids],
            "seats_left": slot.seats_left,
        }
        for slot in slots
    ]


def build_slot_problem(query: SlotQuery, starts_at: datetime, *, now: datetime) -> ApiProblem:
    """Return the problem of a time that can't be booked, with the nearest ones that can."""
    nearest = present_slots(services.list_nearest_slots(query, starts_at, now=now))
    return ApiProblem(ErrorCode.SLOT_UNAVAILABLE, detail=GONE, members={"nearest": nearest})


def check_start(
    values: Mapping[str, Any], *, now: datetime, field: str = "starts_at", may_be_past: bool = False
) -> None:
    """Check that a body names a whole minute that is not too far away. Raises ApiProblem."""
    starts_at = values[field]
    if starts_at.second or starts_at.microsecond:
        raise build_field_problem(field, "not_a_minute", "Give a whole minute.")
    if starts_at <= now and not may_be_past:
        raise build_field_problem(field, "in_the_past", "This time is over. Choose one in the future.")
    if abs(starts_at - now) > FARTHEST:
        raise build_field_problem(field, "too_far", "Choose a time within two years of today.")
