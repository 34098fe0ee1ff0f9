"""The operation of the business API by which calendars are closed on public holidays."""

from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.fields import SingleLineField
from api.protocol.problems import build_field_problem
from api.protocol.serializers import StrictSerializer, validate
from api.scheduling.references import get_named_calendar
from portal.scheduling import services
from portal.scheduling.public_holidays import is_supported, list_public_holidays, list_subdivisions

NO_COUNTRY = "The public holidays of this country are not known."
NO_SUBDIVISION = "This country has no such part with holidays of its own."


class PublicHolidaysSerializer(StrictSerializer):
    """Which public holidays to take over; those that have passed are left out."""

    country = SingleLineField(max_length=2, help_text="By its two letters, such as `DE`.")
    subdivision = SingleLineField(
        max_length=10, required=False, allow_blank=True, default="", help_text="A part of it, such as `BY`."
    )
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    staff = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="The staff calendar; null for all of them."
    )


class AddedHolidaysSerializer(StrictSerializer):
    """How many days are new; those that were there already stay as they are."""

    added_count = serializers.IntegerField(read_only=True)


class PublicHolidaysView(BusinessApiView):
    """The public holidays of a country or a part of it."""

    permissions = {"POST": "scheduling.edit"}

    @extend_schema(
        operation_id="add_public_holidays", request=PublicHolidaysSerializer, responses=AddedHolidaysSerializer
    )
    def post(self, request: Any) -> Response:
        """Close one staff calendar, or all, on the public holidays of a year that are still to come."""
        values = validate(PublicHolidaysSerializer, request.data)
        _check_place(values)
        calendar = get_named_calendar(values["staff"]) if values["staff"] else None
        today = self.now.astimezone(ZoneInfo(self.business.time_zone)).date()
        found = list_public_holidays(
            values["country"], values["subdivision"] or None, years=[values["year"]], language=self.business.language
        )
        days = [(holiday.on, holiday.name) for holiday in found if holiday.on >= today]
        place = {"country": values["country"], "calendar": calendar}
        count = services.add_public_holidays(holidays=days, staff=self.staff, now=self.now, **place)
        return Response({"added_count": count})


def _check_place(values: dict[str, Any]) -> None:
    """Check that the holidays of a place are known. Raises ApiProblem."""
    if not is_supported(values["country"]):
        raise build_field_problem("country", "not_found", NO_COUNTRY)
    if values["subdivision"] and values["subdivision"] not in dict(list_subdivisions(values["country"])):
        raise build_field_problem("subdivision", "not_found", NO_SUBDIVISION)
