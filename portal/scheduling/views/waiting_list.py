"""What clients do with their entries of the waiting list on the page of their appointments."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.clients.decorators import client_required
from portal.clients.request_types import ClientRequest
from portal.scheduling.models import WaitingListEntry
from portal.scheduling.services.waiting_list import entries
from tenants import database_clock


@require_POST
@client_required
def leave_waiting_list(request: ClientRequest, pk: UUID) -> HttpResponse:
    """Take the client off the list, and go back to their appointments."""
    try:
        entries.leave_waiting_list(entry_id=pk, client=request.client, now=database_clock.now())
    except WaitingListEntry.DoesNotExist as error:
        raise Http404 from error
    return redirect("scheduling:appointments")
