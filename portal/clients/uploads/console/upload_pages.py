"""Staff pages for uploading and importing a list of clients."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRefresh

from portal.clients.uploads import error_texts, outcome_reports, services
from portal.clients.uploads.column_mapping import InvalidMapping
from portal.clients.uploads.forms import ColumnMappingForm, FileForm, FileFormatForm, ImportForm
from portal.clients.uploads.import_notices import build_import_notice
from portal.clients.uploads.invitable_clients import query_invitable_clients
from portal.clients.uploads.models import Upload, UploadState
from portal.clients.uploads.services import UploadStateChanged
from portal.clients.uploads.shown_rows import build_shown_rows
from portal.clients.uploads.upload_files import UnsupportedFile
from portal.clients.uploads.upload_previews import (
    build_preview_table,
    build_upload_columns,
    count_outcomes,
    list_risky_headings,
)
from portal.ui.pager_links import build_numbered_pager_links
from tenants import database_clock
from tenants.body_limits import limit_upload_size
from tenants.limits import CLIENT_LIST_BYTES
from tenants.sandbox.slots import SandboxBusy
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

ROWS_PER_PAGE = 50
UPLOAD_CHUNK_SIZE = 2**20
MAX_UPLOADS_SHOWN = 50
# What a worker does with an upload, by its state.
ACTIVITIES = {
    UploadState.CHECKING: gettext_lazy("Comparing the list with your clients"),
    UploadState.RUNNING: gettext_lazy("Importing the list"),
    UploadState.UNDOING: gettext_lazy("Undoing the import"),
}


@limit_upload_size(CLIENT_LIST_BYTES)
@membership_required("uploads.run", methods=("GET", "POST"))
def list_uploads(request: StaffRequest) -> HttpResponse:
    """Upload a file, and list the earlier uploads."""
    form = FileForm(request.POST or None, request.FILES or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            return _redirect_to_upload(request, _receive_file(request, form.cleaned_data["file"]), "upload-format")
        except (UnsupportedFile, SandboxBusy) as error:
            form.add_error("file", error_texts.explain_reading_error(error))
            status = 503 if isinstance(error, SandboxBusy) else 422
    newest, limits = Upload.objects.order_by("-created_at"), error_texts.format_list_limits()
    # Listed apart: a program may send its list every few minutes.
    files = newest.filter(imports_at_once=False)[:MAX_UPLOADS_SHOWN]
    sent_by_programs = newest.filter(imports_at_once=True)[:MAX_UPLOADS_SHOWN]
    context = {"form": form, "uploads": files, "sent_by_programs": sent_by_programs, "limits": limits}
    return render(request, "console/uploads/listing.html", context, status=status)


@membership_required("uploads.run", methods=("GET", "POST"))
def choose_file_format(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Preview the file, and let its format be changed."""
    upload = _get_editable_upload(pk)
    if request.method == "POST":
        form = FileFormatForm(request.POST, upload=upload)
        if form.is_valid() and _apply_format_form(form, upload):
            return _redirect_to_upload(request, upload, "upload-columns")
    else:
        form = FileFormatForm(request.GET if "look" in request.GET else None, upload=upload)
    template = "_table" if request.htmx else "format"
    context = {
        "upload": upload,
        "form": form,
        "failure": upload.failure and error_texts.explain_file_error(upload.failure),
    }
    return render(request, f"console/uploads/{template}.html", context | _build_table_preview(form, upload))


@membership_required("uploads.run", methods=("GET", "POST"))
def map_columns(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Map the columns, and start the check."""
    upload = _get_editable_upload(pk)
    form = ColumnMappingForm(request.POST or None, upload=upload)
    if request.method == "POST" and form.is_valid():
        try:
            services.map_columns(upload=upload, targets=form.column_targets, now=database_clock.now())
            _warn_about_others(request, upload, form)
            return _redirect_to_upload(request, upload)
        except InvalidMapping as error:
            form.add_error(None, str(error_texts.MAPPING_ERRORS[str(error)]))
    try:
        context = {"upload": upload, "form": form, "columns": build_upload_columns(upload, form)}
    except (UnsupportedFile, SandboxBusy) as error:
        messages.error(request, error_texts.explain_reading_error(error))
        return _redirect_to_upload(request, upload, "upload-format")
    return render(request, "console/uploads/columns.html", context, status=422 if form.errors else 200)


@membership_required("uploads.run")
def show_upload(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show an upload: its progress, the result of its check or its report, whatever its state is."""
    found = get_object_or_404(Upload, pk=pk)
    if found.state in (UploadState.RECEIVED, UploadState.FAILED):
        return _redirect_to_upload(request, found, "upload-format")
    if found.is_in_progress:
        return _render_progress(request, found, "working")
    outcome = request.GET.get("outcome", "")
    page = Paginator(outcome_reports.filter_rows(found, outcome), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    template = "checked" if found.state == UploadState.CHECKED else "report"
    context = {
        "upload": found,
        "page": page,
        "pager": build_numbered_pager_links(page, query_string=urlencode({"outcome": outcome}), fragment="rows"),
        "rows": build_shown_rows(found, list(page)),
        "outcome": outcome,
        "outcome_counts": count_outcomes(found),
        "form": ImportForm(),
    }
    context["notice"] = build_import_notice(found)
    context["invitable_count"] = query_invitable_clients(found).count() if found.state == UploadState.DONE else 0
    return render(request, f"console/uploads/{template}.html", context)


@membership_required("uploads.run")
def show_upload_progress(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show the progress of a step; reload the page when it is done."""
    found = get_object_or_404(Upload, pk=pk)
    if not found.is_in_progress:
        return HttpResponseClientRefresh() if request.htmx else _redirect_to_upload(request, found)
    return _render_progress(request, found, "_progress")


@membership_required("uploads.run", methods=("POST",))
def start_import(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Start the import of a checked list."""
    form = ImportForm(request.POST)
    found = get_object_or_404(Upload, pk=pk)
    if form.is_valid():
        _try_action(request, services.start_import, found, on_match=form.cleaned_data["on_match"])
    return _redirect_to_upload(request, found)


@membership_required("uploads.run", methods=("GET", "POST"))
def undo_import(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Undo an import, after a confirmation page."""
    found = get_object_or_404(Upload, pk=pk, state__in=(UploadState.DONE, UploadState.UNDOING))
    if request.method == "POST":
        _try_action(request, services.undo_import, found)
        return _redirect_to_upload(request, found)
    return render(request, "console/uploads/import_reversal.html", {"upload": found})


@membership_required("uploads.run", methods=("POST",))
def discard_upload(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Delete an upload that was not imported, or stop one that is being imported or undone."""
    found = get_object_or_404(Upload, pk=pk)
    try:
        services.discard_upload(upload=found, now=database_clock.now())
        if found.state in (UploadState.RUNNING, UploadState.UNDOING):
            return _redirect_to_upload(request, found)
        messages.success(request, _("List discarded. Nothing was imported."))
    except UploadStateChanged:
        messages.error(request, _("This import has already moved on. Here is its current state."))
    return redirect("console:uploads", business=request.slug)


@membership_required("uploads.run")
def download_failed_rows(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Download the failed rows with their reasons, as a file that can be corrected and uploaded."""
    found = get_object_or_404(Upload, pk=pk, file_chunks__number=0)
    name = f"{found.name.rpartition('.')[0] or found.name}-errors.csv"
    try:
        content = b"".join(outcome_reports.iter_failed_rows_csv(found))
    except (UnsupportedFile, SandboxBusy) as error:
        messages.error(request, error_texts.explain_reading_error(error))
        return _redirect_to_upload(request, found)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = _build_content_disposition(name)
    return response


def _receive_file(request: StaffRequest, file: Any) -> Upload:
    file_details = {"name": file.name, "size": file.size, "staff": request.staff}
    return services.receive_upload(chunks=file.chunks(UPLOAD_CHUNK_SIZE), now=database_clock.now(), **file_details)


def _get_editable_upload(pk: UUID) -> Upload:
    return get_object_or_404(Upload, pk=pk, state__in=services.EDITABLE_STATES)


def _apply_format_form(form: FileFormatForm, upload: Upload) -> bool:
    options = {"encoding": "", "separator": ""} | form.cleaned_data
    try:
        services.set_file_format(upload=upload, **options)
    except (UnsupportedFile, SandboxBusy) as error:
        form.add_error(None, error_texts.explain_reading_error(error))
    except UploadStateChanged:
        form.add_error(None, _("This import has already moved on. Here is its current state."))
    return not form.errors


def _warn_about_others(request: StaffRequest, upload: Upload, form: ColumnMappingForm) -> None:
    """Warn of columns that would let somebody else sign in. The check reports a file that can't be read."""
    with suppress(UnsupportedFile, SandboxBusy):
        if headings := list_risky_headings(build_upload_columns(upload, form)):
            text = _(
                "“%(headings)s” may be about somebody else, whom it would let sign in as the client. "
                "If so, go back to the columns and skip it."
            )
            messages.warning(request, text % {"headings": "”, “".join(headings)})


def _build_table_preview(form: FileFormatForm, upload: Upload) -> dict[str, Any]:
    """Return the preview in the format of a valid form, else in the guessed one."""
    if form.is_bound and form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(upload, name, value)
    try:
        return {"table": build_preview_table(upload)}
    except (UnsupportedFile, SandboxBusy) as error:
        return {"table": None, "error": error_texts.explain_reading_error(error)}


def _render_progress(request: StaffRequest, found: Upload, template: str) -> HttpResponse:
    services.requeue_upload_if_stalled(upload=found, now=database_clock.now())
    return render(
        request, f"console/uploads/{template}.html", {"upload": found, "activity": ACTIVITIES[UploadState(found.state)]}
    )


def _try_action(request: StaffRequest, action: Any, found: Upload, **choice: Any) -> None:
    try:
        action(upload=found, staff=request.staff, now=database_clock.now(), **choice)
    except UploadStateChanged:
        messages.info(request, _("This import has already moved on. Here is its current state."))


def _redirect_to_upload(request: StaffRequest, found: Upload, name: str = "upload") -> HttpResponse:
    return redirect(f"console:{name}", business=request.slug, pk=found.pk)


def _build_content_disposition(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
