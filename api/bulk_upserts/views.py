"""The operations of the business API on many clients at once."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.bulk_upserts.serializers import (
    BulkResultQuery,
    BulkResultSerializer,
    BulkUpsertSerializer,
    BulkUpsertStatusSerializer,
)
from api.business.views import BusinessApiView
from api.protocol.error_codes import ErrorCode
from api.protocol.pagination import get_api_page
from api.protocol.problems import ApiProblem, FieldError
from api.protocol.query_params import read_query
from api.protocol.serializers import UNKNOWN_FIELD, validate
from api.uploads.row_presenter import present_row_result
from portal.clients.models import CustomField
from portal.clients.uploads import services
from portal.clients.uploads.bulk_upserts import FIRST_ROW, TooManyBulkUpserts, start_bulk_upsert
from portal.clients.uploads.models import Upload
from portal.clients.uploads.row_results import ROW_KEYSET, count_rows_by_status, filter_rows_by_status, list_row_results
from tenants.limits import BULK_UPSERT_BYTES

RETRY_AFTER_SECONDS = "10"


class BulkUpsertListView(BusinessApiView):
    """Bulk upserts."""

    permissions = {"POST": "uploads.run"}
    max_body_bytes = BULK_UPSERT_BYTES

    @extend_schema(
        operation_id="bulk_upsert_clients", request=BulkUpsertSerializer, responses={202: BulkUpsertStatusSerializer}
    )
    def post(self, request: Any) -> Response:
        """Create and update up to 10,000 clients.

        Each row is matched with the client list as the import of a list does it: an exact email address decides, else
        an exact phone number. The call is answered at once; read its status from the address in `Location`, then the
        result of each row. Send an `Idempotency-Key`: the same call after a broken connection is answered alike and
        does nothing twice.
        """
        values = validate(BulkUpsertSerializer, request.data)
        _check_custom_fields(values["rows"])
        with translate_size_errors():
            upload = start_bulk_upsert(**values, name=self.key.name, staff=self.staff, now=self.now)
        return build_started_response(upload)


class BulkUpsertView(BusinessApiView):
    """One bulk upsert."""

    permissions = {"GET": "uploads.run"}

    @extend_schema(operation_id="get_bulk_upsert", responses=BulkUpsertStatusSerializer)
    def get(self, request: Any, upload_id: UUID) -> Response:
        """Return how far a bulk upsert is."""
        upload = get_bulk_upsert(upload_id)
        if upload.is_in_progress:
            services.requeue_upload_if_stalled(upload=upload, now=self.now)
        return Response(_present(upload))


class BulkResultListView(BusinessApiView):
    """The results of a bulk upsert."""

    permissions = {"GET": "uploads.run"}

    @extend_schema(
        operation_id="list_bulk_upsert_results",
        parameters=[BulkResultQuery],
        responses=BulkResultSerializer(many=True),
    )
    def get(self, request: Any, upload_id: UUID) -> Response:
        """List the result of each row, in the order of the call; up to 1,000 a page.

        A `question` is a row that only people can decide: its address belongs to somebody of another name, or to
        several clients. It changes nothing. `candidates` lists the clients who may be meant, the first 10 of
        `candidate_count`, unless the question is about an earlier row of the call, `other_row`. Say who it is with
        `answer_bulk_upsert`.
        """
        query = read_query(BulkResultQuery, request)
        upload = get_bulk_upsert(upload_id)
        page = get_api_page(filter_rows_by_status(upload, query["status"]), ROW_KEYSET, query)
        items = [present_row_result(result, offset=FIRST_ROW) for result in list_row_results(upload, page.rows)]
        return Response({"items": items, "next_cursor": page.next_cursor or None})


@contextmanager
def translate_size_errors() -> Iterator[None]:
    """Turn the refusal of one more bulk upsert into a problem."""
    try:
        yield
    except TooManyBulkUpserts as error:
        raise ApiProblem(ErrorCode.RATE_LIMITED, headers={"Retry-After": RETRY_AFTER_SECONDS}) from error


def build_started_response(upload: Upload) -> Response:
    """Answer that a bulk upsert has begun, with the address of its status."""
    location = reverse("api:business:bulk-upserts:detail", kwargs={"upload_id": upload.pk})
    return Response(_present(upload), status=202, headers={"Location": location})


def get_bulk_upsert(upload_id: UUID) -> Upload:
    """Return a bulk upsert. Raises Http404."""
    return get_object_or_404(Upload, pk=upload_id, imports_at_once=True)


def _check_custom_fields(rows: Iterable[Mapping[str, Any]]) -> None:
    """Check that every custom value is of a field that exists. Raises ApiProblem."""
    known = {str(key) for key in CustomField.objects.values_list("pk", flat=True)}
    errors = [
        FieldError(f"rows[{place}].custom.{key}", "unknown_field", UNKNOWN_FIELD)
        for place, row in enumerate(rows)
        for key in row.get("custom", {})
        if key not in known
    ]
    if errors:
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=errors)


def _present(upload: Upload) -> dict[str, Any]:
    shown = {
        "id": upload.pk,
        "state": upload.state,
        "is_finished": not upload.is_in_progress,
        "rows_total": upload.rows_total,
        "rows_done": upload.rows_done,
        "counts": None if upload.is_in_progress else count_rows_by_status(upload),
        "created_at": upload.created_at,
        "finished_at": upload.finished_at,
    }
    return BulkUpsertStatusSerializer(shown).data
