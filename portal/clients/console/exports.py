"""Download of the client list as a file."""

from typing import cast

from django.http import FileResponse, HttpResponse
from django.utils import timezone

from portal.clients import services
from portal.clients.console.client_selection import describe_filters, get_selected_clients
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("clients.export", methods=("POST",), changes_data=False)
def export_clients(request: StaffRequest) -> HttpResponse:
    """Send the selected clients as CSV or as an Excel workbook."""
    extension = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    file = services.open_list_export(
        get_selected_clients(request),
        file_type=extension,
        filters=describe_filters(request),
        staff=request.staff,
        now=database_clock.now(),
    )
    name = f"clients-{request.slug}-{timezone.localdate():%Y-%m-%d}.{extension}"
    content_type = services.LIST_EXPORT_TYPES[extension]
    return cast(HttpResponse, FileResponse(file, as_attachment=True, filename=name, content_type=content_type))
