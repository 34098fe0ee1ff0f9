"""Download of the client list as a file."""

from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import cast

from django.http import FileResponse, HttpResponse
from django.utils import timezone

from portal.clients import services
from portal.clients.console.client_selection import describe_filters, get_selected_clients
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

WRITERS = {
    "csv": (services.write_csv, "text/csv; charset=utf-8"),
    "xlsx": (services.write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}

MAX_IN_MEMORY = 2**20


@membership_required("clients.export", methods=("POST",), changes_data=False)
def export_clients(request: StaffRequest) -> HttpResponse:
    """Send the selected clients as CSV or as an Excel workbook."""
    extension = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    write, content_type = WRITERS[extension]
    with ExitStack() as stack:
        # Not streamed: by then the connection would be in another business's schema.
        file = stack.enter_context(SpooledTemporaryFile(max_size=MAX_IN_MEMORY))
        count = write(get_selected_clients(request), file)
        services.record_export(
            count=count, filters=describe_filters(request), staff=request.staff, now=database_clock.now()
        )
        file.seek(0)
        stack.pop_all()  # The response closes it.
    name = f"clients-{request.slug}-{timezone.localdate():%Y-%m-%d}.{extension}"
    return cast(HttpResponse, FileResponse(file, as_attachment=True, filename=name, content_type=content_type))
