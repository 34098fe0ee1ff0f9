"""The operations of the business API on what staff did."""

from io import StringIO
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.activity.presenters import present_activity_entry
from api.activity.serializers import ActivityListQuery, AuditQuery, EntrySerializer, build_audit_filter
from api.business.views import BusinessApiView
from api.protocol.file_responses import CsvRenderer
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.query_params import read_query
from portal.activity import exports, queries


class ActivityListView(BusinessApiView):
    """What staff did."""

    permissions = {"GET": "activity.view"}

    @extend_schema(operation_id="list_activity", parameters=[ActivityListQuery], responses=EntrySerializer(many=True))
    def get(self, request: Any) -> Response:
        """List what members of staff did, and programs with their keys, the newest first."""
        query = read_query(ActivityListQuery, request)
        entries = queries.filter_entries(build_audit_filter(query))
        return Response(build_page_body(get_api_page(entries, queries.NEWEST_FIRST, query), present_activity_entry))


class ActivityExportView(BusinessApiView):
    """What staff did, as a file."""

    permissions = {"GET": "activity.export"}
    renderer_classes = (CsvRenderer,)

    @extend_schema(
        operation_id="export_activity", parameters=[AuditQuery], responses={(200, "text/csv"): OpenApiTypes.STR}
    )
    def get(self, request: Any) -> Response:
        """Export what members of staff did as CSV, at most 50,000 entries; the export is recorded as well."""
        audit_filter, file = build_audit_filter(read_query(AuditQuery, request)), StringIO()
        exports.export_entries(file, audit_filter=audit_filter, staff=self.staff, now=self.now)
        name = f"activity-{timezone.localdate(self.now):%Y-%m-%d}.csv"
        return Response(file.getvalue(), headers={"Content-Disposition": f'attachment; filename="{name}"'})
