"""The operations of the business API on the format and the columns of an uploaded file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.entity_tags import check_if_match
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError
from api.protocol.serializers import validate
from api.uploads.serializers import (
    ColumnTargetsSerializer,
    FileFormatSerializer,
    UploadColumnsSerializer,
    UploadSerializer,
)
from api.uploads.upload_problems import MOVED_ON, translate_upload_errors
from api.uploads.views import present_upload
from portal.clients.uploads import services
from portal.clients.uploads.forms import ColumnMappingForm
from portal.clients.uploads.models import FileKind, Upload
from portal.clients.uploads.upload_previews import build_upload_columns


class UploadColumnsView(BusinessApiView):
    """The columns of an upload."""

    permissions = {"GET": "uploads.run", "PUT": "uploads.run"}

    @extend_schema(operation_id="get_upload_columns", responses=UploadColumnsSerializer)
    def get(self, request: Any, upload_id: UUID) -> Response:
        """Return how the file is read, and for each column its heading, some values and its guessed target."""
        return Response(_present_columns(_get_editable_upload(upload_id)))

    @transaction.atomic
    @extend_schema(
        operation_id="set_upload_columns", request=ColumnTargetsSerializer, responses={202: UploadSerializer}
    )
    def put(self, request: Any, upload_id: UUID) -> Response:
        """Set the target of each column, which starts the check. Read the upload until its `state` is `checked`."""
        upload = _get_editable_upload(upload_id, lock=True)
        check_if_match(request, lambda: _present_columns(upload))
        targets = validate(ColumnTargetsSerializer, request.data)["targets"]
        _check_targets(upload, targets)
        with translate_upload_errors("targets"):
            upload = services.map_columns(upload=upload, targets=targets, now=self.now)
        return Response(present_upload(upload), status=202)


class UploadFormatView(BusinessApiView):
    """The format of an uploaded file."""

    permissions = {"PATCH": "uploads.run"}

    @transaction.atomic
    @extend_schema(operation_id="update_upload_format", request=FileFormatSerializer, responses=UploadColumnsSerializer)
    def patch(self, request: Any, upload_id: UUID) -> Response:
        """Correct how the file is read; its columns are guessed again."""
        upload = _get_editable_upload(upload_id, lock=True)
        check_if_match(request, lambda: _present_columns(upload))
        values = validate(FileFormatSerializer, request.data)
        if upload.kind != FileKind.CSV and (names := values.keys() - {"has_headings"}):
            errors = [FieldError(name, "not_applicable", "A workbook has none.") for name in sorted(names)]
            raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=errors)
        present = {name: getattr(upload, name) for name in ("encoding", "separator", "has_headings")}
        with translate_upload_errors():
            services.set_file_format(upload=upload, **(present | values))
        return Response(_present_columns(upload))


def _get_editable_upload(upload_id: UUID, *, lock: bool = False) -> Upload:
    """Return an upload whose columns can be set, locked if wanted. Raises Http404, ApiProblem."""
    uploads = Upload.objects.select_for_update(no_key=True) if lock else Upload.objects.all()
    upload = get_object_or_404(uploads, pk=upload_id)
    if upload.state not in services.EDITABLE_STATES:
        raise ApiProblem(ErrorCode.CONFLICT, detail=MOVED_ON)
    return upload


def _check_targets(upload: Upload, targets: Sequence[str]) -> None:
    """Check that there is a known target for each column. Raises ApiProblem."""
    known = {"", *ColumnMappingForm(upload=upload).targets}
    errors = [
        FieldError(f"targets[{index}]", "invalid_choice", "There is no such target.")
        for index, target in enumerate(targets)
        if target not in known
    ]
    if len(targets) != len(upload.columns):
        text = f"The list has {len(upload.columns)} columns. Give a target for each."
        errors.append(FieldError("targets", "wrong_length", text))
    if errors:
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=errors)


def _present_columns(upload: Upload) -> dict[str, Any]:
    form = ColumnMappingForm(upload=upload)
    with translate_upload_errors():
        columns = build_upload_columns(upload, form)
    shown = {
        "encoding": upload.encoding,
        "separator": upload.separator,
        "has_headings": upload.has_headings,
        "columns": [
            {
                "heading": column.heading,
                "samples": column.samples,
                "target": column.field.value(),
                "names_somebody_else": column.names_somebody_else,
                "has_unknown_heading": column.has_unknown_heading,
            }
            for column in columns
        ],
        "targets": form.targets,
    }
    return UploadColumnsSerializer(shown).data
