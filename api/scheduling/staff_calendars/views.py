"""The operations of the business API on staff calendars."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.entity_tags import check_if_match
from api.protocol.problems import build_field_problem
from api.protocol.serializers import validate
from api.scheduling.staff_calendars.serializers import StaffCalendarSerializer
from portal.scheduling import services
from portal.scheduling.models import StaffCalendar

NO_MEMBER = "There is no such member of the team."
CALENDAR_EXISTS = "This member of the team has a calendar already."


class StaffCalendarListView(BusinessApiView):
    """The staff calendars."""

    permissions = {"GET": "scheduling.view", "POST": "scheduling.edit"}

    @extend_schema(operation_id="list_staff_calendars", responses=StaffCalendarSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List the calendars of those who give services, by name."""
        return Response({"items": [_present(calendar) for calendar in StaffCalendar.objects.all()]})

    @extend_schema(
        operation_id="create_staff_calendar",
        request=StaffCalendarSerializer,
        responses={201: StaffCalendarSerializer},
    )
    def post(self, request: Any) -> Response:
        """Add a calendar, open from nine to five on working days until its hours are set.

        Services that exist are not given by it until they name it.
        """
        values = {"time_zone": self.business.time_zone} | validate(StaffCalendarSerializer, request.data)
        columns = _build_columns(self, values)
        with _translate_calendar_exists():
            calendar = services.add_calendar(staff=self.staff, now=self.now, **columns)
        return Response(_present(calendar), status=201, headers={"Location": f"{request.path}{calendar.pk}/"})


class StaffCalendarView(BusinessApiView):
    """One staff calendar."""

    permissions = {"GET": "scheduling.view", "PATCH": "scheduling.edit"}

    @extend_schema(operation_id="get_staff_calendar", responses=StaffCalendarSerializer)
    def get(self, request: Any, calendar_id: UUID) -> Response:
        """Return a staff calendar."""
        return Response(_present(get_object_or_404(StaffCalendar, pk=calendar_id)))

    @transaction.atomic
    @extend_schema(
        operation_id="update_staff_calendar",
        request=StaffCalendarSerializer(partial=True),
        responses=StaffCalendarSerializer,
    )
    def patch(self, request: Any, calendar_id: UUID) -> Response:
        """Change a staff calendar. Appointments that are agreed stay, also in one that can’t be booked any more."""
        locked = StaffCalendar.objects.select_for_update(of=["self"], no_key=True)
        calendar = get_object_or_404(locked, pk=calendar_id)
        check_if_match(request, lambda: _present(calendar))
        columns = _build_columns(self, validate(StaffCalendarSerializer, request.data, partial=True))
        with _translate_calendar_exists():
            changed = services.change_calendar(calendar=calendar, staff=self.staff, now=self.now, **columns)
        return Response(_present(changed))


def _build_columns(view: BusinessApiView, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that validated values set. Raises ApiProblem for a person who is not on the team."""
    columns = {name: value for name, value in values.items() if name != "person"}
    if "person" in values:
        person_id = columns["person_id"] = values["person"]
        if person_id and not view.business.memberships.filter(person=person_id).exists():
            raise build_field_problem("person", "not_found", NO_MEMBER)
    return columns


@contextmanager
def _translate_calendar_exists() -> Iterator[None]:
    """Turn CalendarExists into the problem of the field `person`."""
    try:
        yield
    except services.CalendarExists as error:
        raise build_field_problem("person", "calendar_exists", CALENDAR_EXISTS) from error


def _present(calendar: StaffCalendar) -> dict[str, Any]:
    columns = ("id", "name", "time_zone", "daily_limit", "is_active", "created_at")
    shown = {name: getattr(calendar, name) for name in columns} | {"person": calendar.person_id}
    return dict(StaffCalendarSerializer(shown).data)
