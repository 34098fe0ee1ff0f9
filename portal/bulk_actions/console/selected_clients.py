"""Bulk actions of the client list: tag, archive and invite the selected clients."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access.services.archiving import archive_clients
from portal.access.services.client_invitations import invite_clients
from portal.bulk_actions.console.bulk_confirmations import (
    BuildConfirmation,
    build_archival_confirmation,
    build_invitation_confirmation,
)
from portal.bulk_actions.limits import MAX_BULK_RECIPIENTS
from portal.clients import services
from portal.clients.console.client_selection import get_selected_clients
from portal.clients.list_query import parse_list_query
from portal.clients.models import MAX_TAG_LENGTH, CustomField
from portal.ui.formatting import format_count
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest
from tenants.text_cleaning import clean_line


@membership_required("clients.edit", methods=("POST",))
def tag_selected(request: StaffRequest) -> HttpResponse:
    """Add a tag to the selected clients, created if no tag has the name, or remove it from them."""
    name = clean_line(request.POST.get("name", ""))
    if not 1 <= len(name) <= MAX_TAG_LENGTH:
        messages.error(request, _("A tag can have up to %(number)s characters.") % {"number": MAX_TAG_LENGTH})
        return _redirect_to_list(request)
    action = services.untag_clients_by_name if "remove" in request.POST else services.tag_clients_by_name
    number = action(clients=get_selected_clients(request), name=name, staff=request.staff, now=database_clock.now())
    text = ngettext("%(number)s card changed.", "%(number)s cards changed.", number)
    messages.success(request, text % {"number": number})
    return _redirect_to_list(request)


@membership_required("clients.edit", methods=("POST",))
def archive_selected(request: StaffRequest) -> HttpResponse:
    """Archive the selected clients, after a confirmation page."""
    if (confirmation := _require_confirmation(request, build_archival_confirmation)) is not None:
        return confirmation
    number = archive_clients(clients=get_selected_clients(request), staff=request.staff, now=database_clock.now())
    text = ngettext("%(number)s client archived.", "%(number)s clients archived.", number)
    messages.success(request, text % {"number": number})
    return _redirect_to_list(request)


@membership_required("clients.edit", methods=("POST",))
def invite_selected(request: StaffRequest) -> HttpResponse:
    """Send the selected clients the portal's address, after a confirmation page."""
    if (confirmation := _require_confirmation(request, build_invitation_confirmation)) is not None:
        return confirmation
    done = invite_clients(
        clients=get_selected_clients(request).only("pk"), staff=request.staff, now=database_clock.now()
    )
    text = ngettext("%(number)s invitation is being sent.", "%(number)s invitations are being sent.", done.sent)
    messages.success(request, text % {"number": done.sent})
    if done.skipped:
        left_out = ngettext(
            "%(number)s client was skipped: no email address for signing in, or already invited today.",
            "%(number)s clients were skipped: no email address for signing in, or already invited today.",
            done.skipped,
        )
        messages.info(request, left_out % {"number": done.skipped})
    return _redirect_to_list(request)


def _require_confirmation(request: StaffRequest, build_confirmation: BuildConfirmation) -> HttpResponse | None:
    """Return the confirmation page, or a redirect where the action isn't possible; None once confirmed."""
    number = get_selected_clients(request).order_by()[: MAX_BULK_RECIPIENTS + 1].count()
    if number > MAX_BULK_RECIPIENTS:
        text = _("Select up to %(number)s clients: each of them gets an email.")
        messages.error(request, text % {"number": format_count(MAX_BULK_RECIPIENTS)})
        return _redirect_to_list(request)
    if not number:
        messages.info(request, _("No clients selected. Select the clients first."))
        return _redirect_to_list(request)
    if "confirmed" in request.POST:
        return None
    carried = {"keys": request.POST.getlist("client"), "everyone": request.POST.get("everyone", "")}
    carried |= {"query": request.POST.get("query", ""), "list_url": _build_list_url(request)}
    return render(request, "console/clients/confirm_bulk.html", carried | {"confirmation": build_confirmation(number)})


def _redirect_to_list(request: StaffRequest) -> HttpResponse:
    return redirect(_build_list_url(request))


def _build_list_url(request: StaffRequest) -> str:
    """Return the URL of the list with the query it had."""
    query = parse_list_query(QueryDict(request.POST.get("query", "")), CustomField.objects.all()).query_string
    url = reverse("console:clients", kwargs={"business": request.slug})
    return f"{url}?{query}" if query else url
