"""The operations of the business API on the weekly hours of a staff calendar."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.entity_tags import check_if_match
from api.protocol.serializers import validate
from api.scheduling.staff_calendars.serializers import WEEKDAYS, OpeningHoursSerializer, WeekSerializer
from portal.scheduling import services
from portal.scheduling.models import StaffCalendar


class OpeningHoursView(BusinessApiView):
    """The weekly hours of a staff calendar."""

    permissions = {"GET": "scheduling.view", "PUT": "scheduling.edit"}

    @extend_schema(operation_id="list_opening_hours", responses=OpeningHoursSerializer(many=True))
    def get(self, request: Any, calendar_id: UUID) -> Response:
        """List the weekly hours from Monday on, by the clocks of the calendar’s time zone."""
        return Response(_present(get_object_or_404(StaffCalendar, pk=calendar_id)))

    @transaction.atomic
    @extend_schema(
        operation_id="set_opening_hours", request=WeekSerializer, responses=OpeningHoursSerializer(many=True)
    )
    def put(self, request: Any, calendar_id: UUID) -> Response:
        """Replace the weekly hours by these. An empty list closes the calendar; agreed appointments stay."""
        locked = StaffCalendar.objects.select_for_update(of=["self"], no_key=True)
        calendar = get_object_or_404(locked, pk=calendar_id)
        check_if_match(request, lambda: _present(calendar))
        items = validate(WeekSerializer, request.data)["items"]
        hours = [(WEEKDAYS.index(one["weekday"]), one["starts"], one["ends"]) for one in items]
        services.set_weekly_hours(calendar=calendar, hours=hours, staff=self.staff, now=self.now)
        return Response(_present(calendar))


def _present(calendar: StaffCalendar) -> dict[str, Any]:
    shown = [
        {"weekday": WEEKDAYS[row.weekday], "starts": row.starts_minute, "ends": row.ends_minute}
        for row in calendar.opening_hours.all()
    ]
    return {"items": OpeningHoursSerializer(shown, many=True).data}
