"""The operations of the business API on times that are blocked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.error_codes import ErrorCode
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.problems import ApiProblem
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.scheduling.blocked_times.serializers import BlockedTimeListQuery, BlockedTimeSerializer
from api.scheduling.references import get_named_calendar
from api.scheduling.slots import check_start
from portal.scheduling import services
from portal.scheduling.models import CalendarEntry
from portal.ui.keyset_pagination import Keyset, parse_cursor_key

BY_START = Keyset({"starts_at": datetime.fromisoformat, "pk": parse_cursor_key}, is_descending=False)
TAKEN = "Something is booked or blocked at this time already. Move or cancel it first."


class BlockedTimeListView(BusinessApiView):
    """The times that are blocked."""

    permissions = {"GET": "appointments.view", "POST": "appointments.edit"}

    @extend_schema(
        operation_id="list_blocked_times", parameters=[BlockedTimeListQuery], responses=BlockedTimeSerializer(many=True)
    )
    def get(self, request: Any) -> Response:
        """List blocked times by their start: all, or those of a staff calendar or a range."""
        query = read_query(BlockedTimeListQuery, request)
        return Response(build_page_body(get_api_page(_find(query), BY_START, query), _present))

    @extend_schema(
        operation_id="create_blocked_time", request=BlockedTimeSerializer, responses={201: BlockedTimeSerializer}
    )
    def post(self, request: Any) -> Response:
        """Keep a time of a staff calendar from being booked. One that is booked already is 409 `conflict`."""
        values = validate(BlockedTimeSerializer, request.data)
        for field in ("starts_at", "ends_at"):
            check_start(values, now=self.now, field=field, may_be_past=True)
        calendar = get_named_calendar(values.pop("staff"))
        try:
            entry = services.block_time(calendar=calendar, staff=self.staff, now=self.now, **values)
        except services.TimeTaken as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=TAKEN) from error
        return Response(_present(entry), status=201, headers={"Location": f"{request.path}{entry.pk}/"})


class BlockedTimeView(BusinessApiView):
    """One blocked time."""

    permissions = {"GET": "appointments.view", "DELETE": "appointments.edit"}

    @extend_schema(operation_id="get_blocked_time", responses=BlockedTimeSerializer)
    def get(self, request: Any, blocked_time_id: UUID) -> Response:
        """Return a blocked time."""
        return Response(_present(get_object_or_404(_query_blocked(), pk=blocked_time_id)))

    @extend_schema(operation_id="delete_blocked_time", responses={204: None})
    def delete(self, request: Any, blocked_time_id: UUID) -> Response:
        """Free a blocked time."""
        if not services.unblock_time(entry_id=blocked_time_id, staff=self.staff, now=self.now):
            raise Http404
        return Response(status=204)


def _query_blocked() -> QuerySet[CalendarEntry]:
    return CalendarEntry.objects.filter(service=None)


def _find(query: Mapping[str, Any]) -> QuerySet[CalendarEntry]:
    found = _query_blocked()
    if query["staff"]:
        found = found.filter(calendar=query["staff"])
    if query["from"]:
        found = found.filter(ends_at__gt=query["from"])
    if query["to"]:
        found = found.filter(starts_at__lt=query["to"])
    return found


def _present(entry: CalendarEntry) -> dict[str, Any]:
    columns = ("id", "title", "starts_at", "ends_at", "created_at")
    shown = {name: getattr(entry, name) for name in columns} | {"staff": entry.calendar_id}
    return dict(BlockedTimeSerializer(shown).data)
