"""The pages on which staff accept or dismiss suggestions."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.clients.models import Suggestion
from portal.clients.services.suggestions import query_open_suggestions
from portal.intake.console.enquiries import build_tab_counts
from portal.intake.services import suggestions
from portal.ui.pager_links import build_numbered_pager_links
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

PAGE_SIZE = 25


@membership_required("clients.view")
def list_change_suggestions(request: StaffRequest) -> HttpResponse:
    """List all open suggestions."""
    page = Paginator(query_open_suggestions(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "pager": build_numbered_pager_links(page), **build_tab_counts()}
    return render(request, "console/intake/suggestions.html", context)


@membership_required("clients.edit", methods=("POST",))
def accept_suggestion(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Accept a suggestion: put what was typed on the card."""
    found, may_sign_in = _get_suggestion(pk), request.POST.get("may_sign_in") == "on"
    is_resolved = suggestions.accept_suggestion(
        suggestion=found, staff=request.staff, may_sign_in=may_sign_in, now=database_clock.now()
    )
    return _redirect_back(request, is_resolved, _("The card has been updated."))


@membership_required("clients.edit", methods=("POST",))
def dismiss_suggestion(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Dismiss a suggestion: leave the card as it is."""
    is_resolved = suggestions.dismiss_suggestion(
        suggestion=_get_suggestion(pk), staff=request.staff, now=database_clock.now()
    )
    return _redirect_back(request, is_resolved, _("Dismissed. The card was not changed."))


def _get_suggestion(pk: UUID) -> Suggestion:
    return get_object_or_404(Suggestion.objects.exclude_demo().select_related("client"), pk=pk)


def _redirect_back(request: StaffRequest, is_resolved: bool, text: str) -> HttpResponse:
    """Go back to the page on which the suggestion was resolved."""
    if is_resolved:
        messages.success(request, text)
    else:
        messages.info(request, _("This has already been decided."))
    next_url = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(next_url, allowed_hosts=None):
        next_url = reverse("console:suggestions", kwargs={"business": request.slug})
    return HttpResponseRedirect(next_url)
