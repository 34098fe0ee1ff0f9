"""How do staff lead a list from their computer onto the client list?"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from portal.clients.console.invitations import invitable_clients
from portal.clients.uploads import reports, services, wording
from portal.clients.uploads.columns import NotEnough
from portal.clients.uploads.files import MOST_BYTES, NotAList
from portal.clients.uploads.forms import ColumnsForm, FileForm, FormatForm, TakeOverForm
from portal.clients.uploads.models import Upload
from portal.clients.uploads.services import TooLate
from portal.clients.uploads.show import described, table_of, tally
from tenants.body_limits import allow_uploads, iter_chunks
from tenants.staff.decorators import membership_required

ROWS_A_PAGE = 50
LISTS_SHOWN = 50
State = Upload.State


@allow_uploads(MOST_BYTES)
@membership_required("uploads.run", methods=("GET", "POST"))
def listing(request: HttpRequest) -> HttpResponse:
    """Take a file, and show which lists came before it."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _to(request, _received(request, form.cleaned_data["file"]), "upload-format")
        except NotAList as refusal:
            form.add_error("file", wording.of_file(str(refusal)))
    context = {"form": form, "uploads": Upload.objects.order_by("-created_at")[:LISTS_SHOWN]}
    return render(request, "console/uploads/listing.html", context, status=422 if form.errors else 200)


@membership_required("uploads.run", methods=("GET", "POST"))
def file_format(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how the file is read, and let that be changed before anything is done."""
    upload = _open(pk)
    if request.method == "POST":
        form = FormatForm(request.POST, upload=upload)
        if form.is_valid() and _chosen(form, upload):
            return _to(request, upload, "upload-columns")
    else:
        form = FormatForm(request.GET if "look" in request.GET else None, upload=upload)
    template = "_table" if request.htmx else "format"
    context = {"upload": upload, "form": form, "failure": upload.failure and wording.of_file(upload.failure)}
    return render(request, f"console/uploads/{template}.html", context | _looked(form, upload))


@membership_required("uploads.run", methods=("GET", "POST"))
def columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask what each column holds, and have the list checked."""
    upload = _open(pk)
    form = ColumnsForm(request.POST or None, upload=upload)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_columns(upload=upload, words=form.words, now=timezone.now())
            return _to(request, upload)
        except NotEnough as missing:
            form.add_error(None, str(wording.COLUMNS[str(missing)]))
    context = {"upload": upload, "form": form, "columns": described(upload, form)}
    return render(request, "console/uploads/columns.html", context, status=422 if form.errors else 200)


@membership_required("uploads.run")
def upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show where a list stands: being checked, what would happen, being taken over, what happened."""
    found = get_object_or_404(Upload, pk=pk)
    if found.state in (State.RECEIVED, State.FAILED):
        return _to(request, found, "upload-format")
    if found.is_working:
        return _progress(request, found, "working")
    wanted = request.GET.get("outcome", "")
    page = Paginator(reports.rows_with(found, wanted), ROWS_A_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.why = wording.of_row(row.reason, row.about)
    template = "checked" if found.state == State.CHECKED else "report"
    context = {"upload": found, "page": page, "outcome": wanted, "tally": tally(found), "form": TakeOverForm()}
    context["invitable_count"] = invitable_clients(found).count() if found.state == State.DONE else 0
    return render(request, f"console/uploads/{template}.html", context)


@membership_required("uploads.run")
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say how far a list has come; have the whole page fetched anew once the step is done."""
    found = get_object_or_404(Upload, pk=pk)
    if not found.is_working:
        return HttpResponseClientRefresh() if request.htmx else _to(request, found)
    return _progress(request, found, "_progress")


@membership_required("uploads.run", methods=("POST",))
def take_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have a checked list taken over."""
    form = TakeOverForm(request.POST)
    found = get_object_or_404(Upload, pk=pk)
    if form.is_valid():
        _dared(request, services.take_over, found, on_match=form.cleaned_data["on_match"])
    return _to(request, found)


@membership_required("uploads.run", methods=("GET", "POST"))
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a list back, after asking once."""
    found = get_object_or_404(Upload, pk=pk, state__in=(State.DONE, State.UNDOING))
    if request.method == "POST":
        _dared(request, services.undo, found)
        return _to(request, found)
    return render(request, "console/uploads/undo.html", {"upload": found})


@membership_required("uploads.run", methods=("POST",))
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw a list away that was not taken over."""
    try:
        services.discard(upload=get_object_or_404(Upload, pk=pk))
        messages.success(request, _("Thrown away. Nothing was taken over."))
    except TooLate:
        messages.error(request, _("This list has gone further already."))
    return redirect("console:uploads", business=request.slug)


@membership_required("uploads.run")
def failures(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand out the rows that were not taken, each with its reason, as a file that can be mended and uploaded."""
    found = get_object_or_404(Upload, pk=pk, parts__number=0)
    name = f"{found.name.rpartition('.')[0] or found.name}-errors.csv"
    response = HttpResponse(b"".join(reports.failures(found)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = _attachment(name)
    return response


def _received(request: HttpRequest, file: Any) -> Upload:
    told = {"name": file.name, "size": file.size, "staff": request.staff}
    return services.receive(pieces=iter_chunks(file), now=timezone.now(), **told)


def _open(pk: UUID) -> Upload:
    return get_object_or_404(Upload, pk=pk, state__in=services.OPEN)


def _chosen(form: FormatForm, upload: Upload) -> bool:
    given = {"encoding": "", "separator": ""} | form.cleaned_data
    try:
        services.choose_format(upload=upload, **given)
    except NotAList as refusal:
        form.add_error(None, wording.of_file(str(refusal)))
    return not form.errors


def _looked(form: FormatForm, upload: Upload) -> dict[str, Any]:
    """Return the first rows as the form, or else the guess, reads them."""
    if form.is_bound and form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(upload, name, value)
    try:
        return {"table": table_of(upload)}
    except NotAList as refusal:
        return {"table": None, "refusal": wording.of_file(str(refusal))}


def _progress(request: HttpRequest, found: Upload, template: str) -> HttpResponse:
    services.ring_if_silent(upload=found, now=timezone.now())
    return render(request, f"console/uploads/{template}.html", {"upload": found})


def _dared(request: HttpRequest, deed: Any, found: Upload, **choice: Any) -> None:
    try:
        deed(upload=found, staff=request.staff, now=timezone.now(), **choice)
    except TooLate:
        messages.info(request, _("This list has gone further already."))


def _to(request: HttpRequest, found: Upload, name: str = "upload") -> HttpResponse:
    return redirect(f"console:{name}", business=request.slug, pk=found.pk)


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
