"""Invitations for the clients that an upload created. Nobody is invited unasked or twice."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access.services.client_invitations import invite_clients
from portal.bulk_actions.limits import MAX_BULK_RECIPIENTS
from portal.clients.uploads.invitable_clients import query_invitable_clients
from portal.clients.uploads.models import Upload, UploadState
from portal.ui.formatting import format_count
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("uploads.run", methods=("GET", "POST"))
def invite_imported(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Send an upload's new clients the portal's address, after a confirmation page."""
    upload = get_object_or_404(Upload, pk=pk, state=UploadState.DONE)
    invitable = query_invitable_clients(upload).order_by("pk")
    if request.method == "POST":
        done = invite_clients(
            clients=invitable.only("pk")[:MAX_BULK_RECIPIENTS], staff=request.staff, now=database_clock.now()
        )
        text = ngettext("%(number)s invitation is being sent.", "%(number)s invitations are being sent.", done.sent)
        messages.success(request, text % {"number": done.sent})
        return redirect("console:upload", business=request.slug, pk=pk)
    number = invitable.count()
    if not number:
        messages.info(request, _("All clients of this list have been invited."))
        return redirect("console:upload", business=request.slug, pk=pk)
    context = {
        "upload": upload,
        "number": min(number, MAX_BULK_RECIPIENTS),
        "limit": format_count(MAX_BULK_RECIPIENTS),
        "remaining": max(0, number - MAX_BULK_RECIPIENTS),
    }
    left_out = upload.counts.get("created", 0) - number
    return render(request, "console/uploads/invite.html", context | {"left_out": max(0, left_out)})
