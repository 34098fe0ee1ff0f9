"""The pages that list, show and assign enquiries."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.clients.models import CustomField
from portal.clients.services import suggestions
from portal.intake import services
from portal.intake.models import Enquiry
from portal.ui.pager_links import build_numbered_pager_links
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

PAGE_SIZE = 25


@membership_required("enquiries.view")
def list_enquiries(request: StaffRequest) -> HttpResponse:
    """List all enquiries or the unread ones, the newest first."""
    unread_only = request.GET.get("show") == "unread"
    found = services.query_enquiries(is_read=False if unread_only else None)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    pager = build_numbered_pager_links(page, query_string="show=unread" if unread_only else "")
    context = {"page": page, "pager": pager, "unread_only": unread_only, **build_tab_counts()}
    return render(request, "console/intake/enquiries.html", context)


@membership_required("enquiries.view")
def show_enquiry(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show one enquiry: what was typed, the matched client, and the suggestions for their card."""
    return _render_enquiry(request, _get_enquiry(pk))


@membership_required("enquiries.edit", methods=("POST",))
def change_read_status(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Mark an enquiry as read or unread."""
    enquiry = _get_enquiry(pk)
    if request.POST.get("unread"):
        services.mark_enquiry_unread(enquiry=enquiry)
        return redirect("console:enquiries", business=request.slug)
    services.mark_enquiry_read(enquiry=enquiry, staff=request.staff, now=database_clock.now())
    return redirect("console:enquiry", business=request.slug, pk=pk)


@membership_required("enquiries.edit", methods=("POST",))
def assign_enquiry(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Assign an enquiry that matches several clients to one of them."""
    enquiry = _get_enquiry(pk)
    chosen = next((one for one in services.list_candidates(enquiry) if str(one.pk) == request.POST.get("client")), None)
    if chosen is None:
        return _render_conflict(request, pk)
    try:
        services.assign_enquiry(enquiry_id=pk, client=chosen, staff=request.staff, now=database_clock.now())
    except services.EnquiryAlreadyAssigned:
        return _render_conflict(request, pk)
    messages.success(request, _("Assigned to %(name)s.") % {"name": chosen.name})
    return redirect("console:enquiry", business=request.slug, pk=pk)


def build_tab_counts() -> dict[str, int]:
    """Return the counts on the tabs of these pages: unread enquiries and open suggestions."""
    return {
        "unread": Enquiry.objects.exclude_demo().unread().count(),
        "open_suggestions": suggestions.query_open_suggestions().count(),
    }


def _get_enquiry(pk: UUID) -> Enquiry:
    return get_object_or_404(services.query_enquiries(), pk=pk)


def _render_conflict(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show the enquiry as it is now, and who assigned it first."""
    enquiry = _get_enquiry(pk)
    if enquiry.client:
        names = {"who": services.get_assigner_name(enquiry) or _("Somebody"), "name": enquiry.client.name}
        text = _("%(who)s has already assigned this enquiry to %(name)s. Your choice was not saved.") % names
    else:
        text = _(
            "This client can’t be assigned to this enquiry, or a colleague has just assigned it. Please check again."
        )
    return _render_enquiry(request, enquiry, error=text, status=409)


def _render_enquiry(request: StaffRequest, enquiry: Enquiry, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "enquiry": enquiry,
        "answers": _list_custom_field_answers(enquiry),
        "candidates": services.list_candidates(enquiry),
    }
    if enquiry.client:
        context["suggestions"] = suggestions.query_open_suggestions(enquiry.client)
    return render(request, "console/intake/enquiry.html", context | {"error": error}, status=status)


def _list_custom_field_answers(enquiry: Enquiry) -> list[tuple[str, Any]]:
    """Return the names of the custom fields that still exist, each with its answer."""
    fields = CustomField.objects.filter(pk__in=enquiry.custom) if enquiry.custom else []
    labels = {True: _("Yes"), False: _("No")}
    answers = [(field, enquiry.custom[str(field.pk)]) for field in fields]
    return [(field.name, labels[value] if isinstance(value, bool) else value) for field, value in answers]
