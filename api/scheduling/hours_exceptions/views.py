"""The operations of the business API on exceptions to the weekly hours."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.problems import build_field_problem
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.scheduling.hours_exceptions.serializers import HoursExceptionListQuery, HoursExceptionSerializer
from api.scheduling.references import NO_STAFF
from portal.scheduling import services
from portal.scheduling.models import HoursException, StaffCalendar
from portal.ui.keyset_pagination import Keyset, parse_cursor_key

BY_DATE = Keyset({"starts_on": date.fromisoformat, "pk": parse_cursor_key}, is_descending=False)


class HoursExceptionListView(BusinessApiView):
    """The exceptions to the weekly hours."""

    permissions = {"GET": "scheduling.view", "POST": "scheduling.edit"}

    @extend_schema(
        operation_id="list_hours_exceptions",
        parameters=[HoursExceptionListQuery],
        responses=HoursExceptionSerializer(many=True),
    )
    def get(self, request: Any) -> Response:
        """List exceptions by their first day: public holidays, days off, and other or additional hours."""
        query = read_query(HoursExceptionListQuery, request)
        return Response(build_page_body(get_api_page(_find_exceptions(query), BY_DATE, query), _present))

    @extend_schema(
        operation_id="create_hours_exception",
        request=HoursExceptionSerializer,
        responses={201: HoursExceptionSerializer},
    )
    def post(self, request: Any) -> Response:
        """Add an exception to the hours of one staff calendar, or of all."""
        values = validate(HoursExceptionSerializer, request.data)
        staff_id = values.pop("staff")
        if staff_id and not StaffCalendar.objects.filter(pk=staff_id).exists():
            raise build_field_problem("staff", "not_found", NO_STAFF)
        minutes = {"starts_minute": values.pop("starts"), "ends_minute": values.pop("ends")}
        exception = services.add_exception(calendar_id=staff_id, staff=self.staff, now=self.now, **minutes, **values)
        return Response(_present(exception), status=201, headers={"Location": f"{request.path}{exception.pk}/"})


class HoursExceptionView(BusinessApiView):
    """One exception to the weekly hours."""

    permissions = {"GET": "scheduling.view", "DELETE": "scheduling.edit"}

    @extend_schema(operation_id="get_hours_exception", responses=HoursExceptionSerializer)
    def get(self, request: Any, exception_id: UUID) -> Response:
        """Return an exception."""
        return Response(_present(get_object_or_404(HoursException, pk=exception_id)))

    @extend_schema(operation_id="delete_hours_exception", responses={204: None})
    def delete(self, request: Any, exception_id: UUID) -> Response:
        """Delete an exception, so that the weekly hours hold again."""
        exception = get_object_or_404(HoursException.objects.select_related("calendar"), pk=exception_id)
        services.remove_exception(exception=exception, staff=self.staff, now=self.now)
        return Response(status=204)


def _find_exceptions(query: Mapping[str, Any]) -> QuerySet[HoursException]:
    found = HoursException.objects.all()
    if query["staff"]:
        found = found.filter(Q(calendar=query["staff"]) | Q(calendar=None))
    if query["from"]:
        found = found.filter(ends_on__gte=query["from"])
    if query["to"]:
        found = found.filter(starts_on__lt=query["to"])
    return found


def _present(exception: HoursException) -> dict[str, Any]:
    columns = ("id", "starts_on", "ends_on", "is_addition", "label", "holiday_country")
    shown = {name: getattr(exception, name) for name in columns} | {
        "staff": exception.calendar_id,
        "starts": exception.starts_minute,
        "ends": exception.ends_minute,
    }
    return dict(HoursExceptionSerializer(shown).data)
