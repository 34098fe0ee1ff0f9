"""The operations of the business API on list uploads: receiving, listing, importing, undoing and discarding them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.empty_bodies import takes_no_body
from api.protocol.pagination import PageQuery, build_page_body, get_api_page
from api.protocol.query_params import read_query
from api.protocol.serializers import StrictSerializer, validate
from api.uploads.serializers import ImportSerializer, UploadFileSerializer, UploadSerializer
from api.uploads.upload_problems import translate_upload_errors
from portal.clients.uploads import services
from portal.clients.uploads.models import Upload
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key

UPLOAD_CHUNK_SIZE = 2**20
NEWEST_FIRST = Keyset({"created_at": parse_cursor_instant, "pk": parse_cursor_key})


class UploadListQuery(StrictSerializer, PageQuery):
    """The page of uploads that is wanted."""


class UploadListView(BusinessApiView):
    """The uploaded lists of clients."""

    permissions = {"GET": "uploads.run", "POST": "uploads.run"}
    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="list_uploads", parameters=[UploadListQuery], responses=UploadSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List uploads, the newest first."""
        page = get_api_page(Upload.objects.all(), NEWEST_FIRST, read_query(UploadListQuery, request))
        return Response(build_page_body(page, present_upload))

    @extend_schema(
        operation_id="create_upload",
        request={"multipart/form-data": UploadFileSerializer},
        responses={201: UploadSerializer},
    )
    def post(self, request: Any) -> Response:
        """Upload a list as a form with a `file`: CSV or an Excel workbook of at most 50 MB.

        Its format and columns are guessed. Read them, then set the columns; that starts the check of its rows.
        """
        file = validate(UploadFileSerializer, request.data)["file"]
        with translate_upload_errors("file"):
            upload = services.receive_upload(
                chunks=file.chunks(UPLOAD_CHUNK_SIZE), name=file.name, size=file.size, staff=self.staff, now=self.now
            )
        return Response(present_upload(upload), status=201)


class UploadView(BusinessApiView):
    """One upload."""

    permissions = {"GET": "uploads.run", "DELETE": "uploads.run"}

    @extend_schema(operation_id="get_upload", responses=UploadSerializer)
    def get(self, request: Any, upload_id: UUID) -> Response:
        """Return an upload: how far it is, and what its rows have become."""
        upload = get_object_or_404(Upload, pk=upload_id)
        if upload.is_in_progress:
            services.requeue_upload_if_stalled(upload=upload, now=self.now)
        return Response(present_upload(upload))

    @extend_schema(operation_id="discard_upload", responses={200: UploadSerializer, 204: None})
    def delete(self, request: Any, upload_id: UUID) -> Response:
        """Discard a list that was not imported. An import, or its undoing, that is running is stopped instead."""
        with translate_upload_errors():
            services.discard_upload(upload=get_object_or_404(Upload, pk=upload_id), now=self.now)
        stopped = Upload.objects.filter(pk=upload_id).first()
        return Response(present_upload(stopped)) if stopped else Response(status=204)


class UploadStepView(BusinessApiView):
    """A step of an upload that a worker runs."""

    permissions = {"POST": "uploads.run"}

    def start_step(self, start: Callable[..., Upload], upload_id: UUID, **options: Any) -> Response:
        """Start a step and return the upload; it is read until the step is done."""
        with translate_upload_errors():
            found = get_object_or_404(Upload, pk=upload_id)
            upload = start(upload=found, staff=self.staff, now=self.now, **options)
        return Response(present_upload(upload), status=202)


class UploadImportView(UploadStepView):
    """The import of an upload."""

    @extend_schema(operation_id="import_upload", request=ImportSerializer, responses={202: UploadSerializer})
    def post(self, request: Any, upload_id: UUID) -> Response:
        """Import a checked list. Read the upload until its `state` is `done`."""
        return self.start_step(services.start_import, upload_id, **validate(ImportSerializer, request.data))


class UploadImportReversalView(UploadStepView):
    """The undoing of an import."""

    @extend_schema(operation_id="undo_upload_import", request=None, responses={202: UploadSerializer})
    @takes_no_body
    def post(self, request: Any, upload_id: UUID) -> Response:
        """Undo an import. Clients with later activity are kept. Read the upload until its `state` is `undone`."""
        return self.start_step(services.undo_import, upload_id)


def present_upload(upload: Upload) -> dict[str, Any]:
    """Return what the API shows of an upload."""
    return UploadSerializer(upload).data
