"""Pages for the tickets that a business opened with support."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.signin_support import support_tickets
from portal.signin_support.ticket_rows import build_ticket_rows
from portal.ui.form_fields import SingleLineField
from portal.ui.pager_links import build_numbered_pager_links
from tenants import database_clock
from tenants.models import SupportTicket, TicketResolution, TicketState
from tenants.sliding_windows import RateLimitExceeded
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest
from tenants.support_tickets import list_business_tickets

PAGE_SIZE = 25


class NewTicketForm(forms.Form):
    """What a client says they typed, for a ticket without a client."""

    typed = SingleLineField(max_length=254)


class CloseTicketForm(forms.Form):
    """Why a ticket is closed."""

    resolution = forms.ChoiceField(
        label=gettext_lazy("Reason for closing"),
        choices=[("", gettext_lazy("Choose")), *((one.value, one.label) for one in support_tickets.STAFF_RESOLUTIONS)],
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )


@membership_required("support.view")
def list_support_tickets(request: StaffRequest) -> HttpResponse:
    """List the business's tickets, open ones first."""
    page = Paginator(list_business_tickets(request.business), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"rows": build_ticket_rows(list(page.object_list)), "pager": build_numbered_pager_links(page)}
    return render(request, "console/signin_support/tickets.html", context)


@membership_required("support.view")
def show_support_ticket(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show one ticket with support's answer; whoever opened it can close it here."""
    return _render_ticket(request, _get_ticket(request, pk), CloseTicketForm())


@membership_required("support.send", methods=("POST",))
def open_support_ticket_without_client(request: StaffRequest) -> HttpResponse:
    """Open a ticket about what a client typed that matches no card."""
    form, now = NewTicketForm(request.POST), database_clock.now()
    if not form.is_valid():
        return redirect("console:signin-support", business=request.slug)
    fields: dict[str, Any] = {"business": request.business, "staff": request.staff}
    try:
        opened, is_new = support_tickets.open_ticket_about_entry(typed=form.cleaned_data["typed"], now=now, **fields)
    except RateLimitExceeded:
        messages.error(request, support_tickets.TOO_MANY_TICKETS)
        return redirect("console:signin-support", business=request.slug)
    except support_tickets.ClientFound as error:
        messages.info(request, _("A client has this address or name. Contact support from their card."))
        return redirect("console:signin-support-client", business=request.slug, pk=error.clients[0].pk)
    text = _("Ticket opened. Support sees the entry in masked form only.")
    messages.success(request, text if is_new else _("There is already an open support ticket for this."))
    return redirect("console:ticket", business=request.slug, pk=opened.pk)


@membership_required("support.send", methods=("POST",))
def close_ticket(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Close a ticket with a reason; only whoever opened it may."""
    found, form = _get_ticket(request, pk), CloseTicketForm(request.POST)
    if not form.is_valid():
        return _render_ticket(request, found, form, status=422)
    resolution = TicketResolution(form.cleaned_data["resolution"])
    try:
        is_closed = support_tickets.close_ticket(
            ticket=found, resolution=resolution, staff=request.staff, now=database_clock.now()
        )
    except support_tickets.TicketClosureDenied:
        messages.error(request, _("Only the colleague who opened the ticket or support can close it."))
        return redirect("console:ticket", business=request.slug, pk=pk)
    messages.success(request, _("Ticket closed.")) if is_closed else messages.info(
        request, _("This ticket was already closed.")
    )
    return redirect("console:ticket", business=request.slug, pk=pk)


def _render_ticket(
    request: StaffRequest, found: SupportTicket, form: CloseTicketForm, *, status: int = 200
) -> HttpResponse:
    [row] = build_ticket_rows([found])
    is_own = found.opened_by_id == request.person.pk and found.state == TicketState.OPEN
    context = {"row": row, "ticket": found, "form": form if is_own else None}
    return render(request, "console/signin_support/ticket.html", context, status=status)


def _get_ticket(request: StaffRequest, pk: UUID) -> SupportTicket:
    return get_object_or_404(list_business_tickets(request.business).select_related("business", "opened_by"), pk=pk)
