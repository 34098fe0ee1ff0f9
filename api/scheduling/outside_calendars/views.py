"""The operations of the business API on the calendars that staff keep elsewhere."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.empty_bodies import takes_no_body
from api.protocol.entity_tags import check_if_match
from api.protocol.error_codes import ErrorCode
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.problems import ApiProblem, build_field_problem
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.scheduling.outside_calendars.serializers import (
    OutsideCalendarChangeSerializer,
    OutsideCalendarListQuery,
    OutsideCalendarSerializer,
)
from api.scheduling.references import get_named_calendar
from portal.scheduling import services
from portal.scheduling.models import OutsideCalendar
from portal.scheduling.outside_calendars.address_errors import RefusedOutsideCalendar, save_or_explain
from portal.ui.keyset_pagination import Keyset, parse_cursor_key

BY_AGE = Keyset({"created_at": datetime.fromisoformat, "pk": parse_cursor_key}, is_descending=False)
JUST_NOW = "It was read a moment ago, or is switched off."
COLUMNS = ("name", "is_active", "last_fetched_at", "last_ok_at", "last_error", "created_at")


class OutsideCalendarListView(BusinessApiView):
    """The calendars that staff keep elsewhere."""

    permissions = {"GET": "scheduling.view", "POST": "scheduling.edit"}

    @extend_schema(
        operation_id="list_outside_calendars",
        parameters=[OutsideCalendarListQuery],
        responses=OutsideCalendarSerializer(many=True),
    )
    def get(self, request: Any) -> Response:
        """List outside calendars, the oldest first: all, or those of a staff calendar."""
        query = read_query(OutsideCalendarListQuery, request)
        found = OutsideCalendar.objects.all()
        if query["staff"]:
            found = found.filter(calendar=query["staff"])
        return Response(build_page_body(get_api_page(found, BY_AGE, query), lambda row: _present(row, self.now)))

    @extend_schema(
        operation_id="create_outside_calendar",
        request=OutsideCalendarSerializer,
        responses={201: OutsideCalendarSerializer},
    )
    def post(self, request: Any) -> Response:
        """Let somebody be busy whenever a calendar that they keep elsewhere is. It is read soon, and then regularly."""
        values = validate(OutsideCalendarSerializer, request.data)
        calendar = get_named_calendar(values.pop("staff"))
        who: dict[str, Any] = {"calendar": calendar, "staff": self.staff, "now": self.now}
        new = _save(lambda: services.add_outside_calendar(**values, **who))
        return Response(_present(new, self.now), status=201, headers={"Location": f"{request.path}{new.pk}/"})


class OutsideCalendarView(BusinessApiView):
    """One outside calendar."""

    permissions = {"GET": "scheduling.view", "PATCH": "scheduling.edit", "DELETE": "scheduling.edit"}

    @extend_schema(operation_id="get_outside_calendar", responses=OutsideCalendarSerializer)
    def get(self, request: Any, outside_calendar_id: UUID) -> Response:
        """Return an outside calendar, with what came of reading it."""
        return Response(_present(get_object_or_404(OutsideCalendar, pk=outside_calendar_id), self.now))

    @transaction.atomic
    @extend_schema(
        operation_id="update_outside_calendar",
        request=OutsideCalendarChangeSerializer(partial=True),
        responses=OutsideCalendarSerializer,
    )
    def patch(self, request: Any, outside_calendar_id: UUID) -> Response:
        """Change the name or the address of an outside calendar, or whether it counts."""
        locked = OutsideCalendar.objects.select_for_update(of=["self"], no_key=True)
        outside = get_object_or_404(locked, pk=outside_calendar_id)
        check_if_match(request, lambda: _present(outside, self.now))
        values = validate(OutsideCalendarChangeSerializer, request.data, partial=True)
        who: dict[str, Any] = {"outside": outside, "staff": self.staff, "now": self.now}
        return Response(_present(_save(lambda: services.change_outside_calendar(**values, **who)), self.now))

    @extend_schema(operation_id="delete_outside_calendar", responses={204: None})
    def delete(self, request: Any, outside_calendar_id: UUID) -> Response:
        """Delete an outside calendar with its busy times, which can be booked again."""
        outside = get_object_or_404(OutsideCalendar.objects.select_related("calendar"), pk=outside_calendar_id)
        services.remove_outside_calendar(outside=outside, staff=self.staff, now=self.now)
        return Response(status=204)


class OutsideCalendarFetchView(BusinessApiView):
    """The reading of an outside calendar."""

    permissions = {"POST": "scheduling.edit"}

    @extend_schema(operation_id="fetch_outside_calendar", request=None, responses={202: OutsideCalendarSerializer})
    @takes_no_body
    def post(self, request: Any, outside_calendar_id: UUID) -> Response:
        """Have an outside calendar read at once; what came of it is shown by `get_outside_calendar` soon after."""
        outside = get_object_or_404(OutsideCalendar, pk=outside_calendar_id)
        try:
            services.request_fetch(outside=outside, now=self.now)
        except services.FetchedJustNow as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=JUST_NOW) from error
        except OutsideCalendar.DoesNotExist as error:
            raise Http404 from error
        return Response(_present(outside, self.now), status=202)


def _save(save: Callable[[], OutsideCalendar]) -> OutsideCalendar:
    """Return what a function saves. Raises ApiProblem where it can't be."""
    try:
        return save_or_explain(save)
    except RefusedOutsideCalendar as refusal:
        if refusal.code == "too-many":
            raise ApiProblem(ErrorCode.CONFLICT, detail=str(refusal)) from None
        raise build_field_problem("address", refusal.code.replace("-", "_"), str(refusal)) from None


def _present(outside: OutsideCalendar, now: datetime) -> dict[str, Any]:
    shown = {"id": outside.pk, "staff": outside.calendar_id, "is_stale": outside.is_stale(now)}
    return dict(OutsideCalendarSerializer(shown | {name: getattr(outside, name) for name in COLUMNS}).data)
