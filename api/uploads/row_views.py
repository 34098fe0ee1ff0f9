"""The operations of the business API on the rows of an upload, and on the questions about them."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.file_responses import CsvRenderer
from api.protocol.pagination import get_api_page
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.uploads.row_presenter import present_row_result
from api.uploads.serializers import RowAnswerSerializer, UploadRowQuery, UploadRowSerializer, UploadSerializer
from api.uploads.upload_problems import translate_answer_errors, translate_upload_errors
from api.uploads.views import present_upload
from portal.clients.uploads import outcome_reports, row_reviews
from portal.clients.uploads.models import RowDecision, Upload
from portal.clients.uploads.row_results import ROW_KEYSET, RowResult, filter_rows_by_status, list_row_results


class UploadRowListView(BusinessApiView):
    """The rows of an upload."""

    permissions = {"GET": "uploads.run"}

    @extend_schema(
        operation_id="list_upload_rows", parameters=[UploadRowQuery], responses=UploadRowSerializer(many=True)
    )
    def get(self, request: Any, upload_id: UUID) -> Response:
        """List the rows of a checked or imported list: what each will do or did, and what is wrong or unclear."""
        query = read_query(UploadRowQuery, request)
        upload = get_object_or_404(Upload, pk=upload_id)
        rows = filter_rows_by_status(upload, query["status"])
        if query["outcome"]:
            rows = rows.filter(outcome=query["outcome"])
        page = get_api_page(rows, ROW_KEYSET, query)
        items = [_present_row(result) for result in list_row_results(upload, page.rows)]
        return Response({"items": items, "next_cursor": page.next_cursor or None})


class RowAnswerListView(BusinessApiView):
    """Answers to the questions about rows."""

    permissions = {"POST": "uploads.run"}

    @extend_schema(operation_id="answer_upload_rows", request=RowAnswerSerializer, responses=UploadSerializer)
    def post(self, request: Any, upload_id: UUID) -> Response:
        """Say who a row is, or all rows with a question; an answer can be taken back until the import starts.

        If several clients are in question, `client_id` says which of them the row is (else `not_a_candidate`). A row
        without a name can’t be `separate`, as a new client needs a name (`no_name`).

        An answer for all rows leaves those open of which that doesn’t say who they are.
        """
        answer = validate(RowAnswerSerializer, request.data)
        upload = get_object_or_404(Upload, pk=upload_id)
        with translate_answer_errors():
            _save_answer(upload, answer["decision"], answer.get("row"), answer.get("client_id"))
        upload.refresh_from_db()
        return Response(present_upload(upload))


class FailedRowsView(BusinessApiView):
    """The rows of an upload that were not imported."""

    permissions = {"GET": "uploads.run"}
    renderer_classes = (CsvRenderer,)

    @extend_schema(operation_id="download_failed_upload_rows", responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Any, upload_id: UUID) -> Response:
        """Return the failed rows with their reasons, as a file that can be corrected and uploaded."""
        upload = get_object_or_404(Upload, pk=upload_id, file_chunks__number=0)
        with translate_upload_errors():
            return Response(b"".join(outcome_reports.iter_failed_rows_csv(upload)))


def _save_answer(upload: Upload, decision: str, number: int | None, client_id: UUID | None) -> None:
    """Save an answer, or take one back. Raises ReviewClosed."""
    if number is None:
        if not decision:
            raise row_reviews.ReviewClosed
        row_reviews.answer_all_rows(upload=upload, decision=RowDecision(decision))
    elif decision:
        row_reviews.answer_row(upload=upload, number=number, decision=RowDecision(decision), client_id=client_id)
    else:
        row_reviews.reopen_row(upload=upload, number=number)


def _present_row(result: RowResult) -> dict[str, Any]:
    row, card = result.row, result.card
    plain = ("outcome", "decision", "name", "emails", "phones", "would_fill", "would_overwrite")
    return present_row_result(result) | {
        **{field: getattr(row, field) for field in plain},
        "card": card and {"client_id": card.pk, "name": card.name},
    }
