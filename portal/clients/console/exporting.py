"""How is the list taken away as a file?"""

import io
from typing import cast

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone

from portal.clients import services
from portal.clients.console.bulk import chosen, narrowed
from tenants.staff.decorators import membership_required

WRITERS = {
    "csv": (services.write_csv, "text/csv; charset=utf-8"),
    "xlsx": (services.write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@membership_required("clients.export", methods=("POST",))
def export(request: HttpRequest) -> HttpResponse:
    """Hand out the chosen clients as CSV or as an Excel workbook."""
    ending = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    write, kind = WRITERS[ending]
    # Written here and now: what is streamed later would be read in another business's schema.
    file = io.BytesIO()
    number = write(chosen(request), file)
    services.record_export(count=number, narrowed=narrowed(request), staff=request.staff, now=timezone.now())
    file.seek(0)
    name = f"clients-{request.slug}-{timezone.localdate():%Y-%m-%d}.{ending}"
    return cast(HttpResponse, FileResponse(file, as_attachment=True, filename=name, content_type=kind))
