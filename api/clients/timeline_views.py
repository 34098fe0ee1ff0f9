"""The operation of the business API on the timeline of a client."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.activity.presenters import present_activity_entry
from api.activity.serializers import EntrySerializer
from api.business.views import BusinessApiView
from api.clients.client_queries import get_client
from api.protocol.pagination import PageQuery, build_page_body, get_api_page
from api.protocol.query_params import read_query
from api.protocol.serializers import StrictSerializer
from portal.activity.models import Entry
from portal.activity.queries import NEWEST_FIRST
from portal.clients.services.timeline import list_timeline_entries


class TimelineQuery(StrictSerializer, PageQuery):
    """The page of the timeline."""


class ClientTimelineView(BusinessApiView):
    """The timeline of a client."""

    permissions = {"GET": "clients.view"}

    @extend_schema(
        operation_id="list_client_timeline", parameters=[TimelineQuery], responses=EntrySerializer(many=True)
    )
    def get(self, request: Any, client_id: UUID) -> Response:
        """List what happened to a client, whoever did it, the newest first. Only keys for the activity see an `ip`."""
        query = read_query(TimelineQuery, request)
        entries = list_timeline_entries(get_client(client_id)).select_related("client")
        return Response(build_page_body(get_api_page(entries, NEWEST_FIRST, query), self._present))

    def _present(self, entry: Entry) -> dict[str, Any]:
        shown = present_activity_entry(entry)
        return shown if self.may("activity.view") else shown | {"ip": None}
