"""The operations of the business API that hand out or erase personal data."""

from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_queries import get_client
from api.clients.list_filters import build_search
from api.clients.serializers import ClientFilterQuery
from api.protocol.error_codes import ErrorCode
from api.protocol.fields import SingleLineField
from api.protocol.file_responses import FileRenderer, build_file_response
from api.protocol.problems import ApiProblem, FieldError
from api.protocol.query_params import read_query
from api.protocol.serializers import StrictSerializer, validate
from portal.cards import exports
from portal.cards import services as cards
from portal.clients import services
from portal.clients.list_filters import describe_search
from portal.clients.models import Client
from tenants.nouns.personal_data_policies import ErasureRefused

XLSX = services.LIST_EXPORT_TYPES["xlsx"]
OTHER_NAME = FieldError("name", "other_name", "This does not match the client’s name.")


class ErasureConfirmationSerializer(StrictSerializer):
    """The confirmation that this client is to be erased."""

    name = SingleLineField(
        max_length=160, help_text="The client’s name as it is now. Spaces, capitals and accents don’t matter."
    )


class ErasedTableSerializer(StrictSerializer):
    """How many rows of one kind were erased."""

    label = serializers.CharField(read_only=True)
    count = serializers.IntegerField(read_only=True)


class ErasureSerializer(StrictSerializer):
    """The report of an erasure."""

    tables = ErasedTableSerializer(many=True, read_only=True)
    namesakes = serializers.IntegerField(
        read_only=True,
        help_text="Rows of uploaded lists with the name but none of the addresses, to be checked.",
    )
    kept = serializers.ListField(
        child=serializers.CharField(read_only=True), read_only=True, help_text="What stays, and why."
    )


class ClientListExportQuery(ClientFilterQuery):
    """The search, the filters and the form of an export of the list."""

    file_type = serializers.ChoiceField(choices=[*services.LIST_EXPORT_TYPES], required=False, default="csv")


class ClientListExportView(BusinessApiView):
    """The export of the client list."""

    permissions = {"GET": "clients.export"}
    http_method_names = ["get"]
    renderer_classes = (FileRenderer,)

    @extend_schema(
        operation_id="export_clients",
        parameters=[ClientListExportQuery],
        responses={(200, "text/csv"): OpenApiTypes.STR, (200, XLSX): OpenApiTypes.BINARY},
    )
    def get(self, request: Any) -> FileResponse:
        """Export the client list, or the part of it that the filters choose, as CSV or as a workbook. It is logged."""
        query = read_query(ClientListExportQuery, request)
        search, fields = build_search(query)
        clients = services.search_clients(search, country=self.business.country, now=self.now)
        filters, file_type = describe_search(search, fields), query["file_type"]
        file = services.open_list_export(clients, file_type=file_type, filters=filters, staff=self.staff, now=self.now)
        name = f"clients-{timezone.localdate():%Y-%m-%d}.{file_type}"
        return build_file_response(file, name=name, content_type=services.LIST_EXPORT_TYPES[file_type])


class ClientExportView(BusinessApiView):
    """The export of everything on file about one client."""

    permissions = {"GET": "clients.export"}
    http_method_names = ["get"]
    renderer_classes = (FileRenderer,)

    @extend_schema(operation_id="export_client", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Any, client_id: UUID) -> FileResponse:
        """Export everything on file about one client as a zip with JSON and HTML. It is logged."""
        client = get_client(client_id)
        file = exports.open_export(client=client, business=self.business, staff=self.staff, now=self.now)
        name = f"client-{client.pk}-{timezone.localdate():%Y-%m-%d}.zip"
        return build_file_response(file, name=name, content_type="application/zip")


class ClientErasureView(BusinessApiView):
    """The erasure of a client."""

    permissions = {"POST": "clients.erase"}

    @extend_schema(operation_id="erase_client", request=ErasureConfirmationSerializer, responses=ErasureSerializer)
    def post(self, request: Any, client_id: UUID) -> Response:
        """Erase all personal data of a client, for good. The answer says what was erased, and what stays and why.

        Send the client’s name along, so that no wrong id erases somebody else.
        """
        client = get_client(client_id)
        if not cards.confirms_erasure(client, validate(ErasureConfirmationSerializer, request.data)["name"]):
            raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=[OTHER_NAME])
        try:
            cards.erase_client(client=client, business=self.business, staff=self.staff, now=self.now)
        except ErasureRefused as error:
            raise ApiProblem(ErrorCode.ERASURE_REFUSED, detail=str(error)) from error
        return Response(_present_erasure(client))


def _present_erasure(client: Client) -> dict[str, Any]:
    report = cards.build_erasure_report(client) or cards.ErasureReport([], 0)
    kept = [str(sentence) for sentence in cards.list_kept_data()]
    return dict(ErasureSerializer({"tables": report.tables, "namesakes": report.namesakes, "kept": kept}).data)
