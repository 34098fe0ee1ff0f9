"""Saving and deleting views of the client list."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.clients import services
from portal.clients.list_query import parse_list_query
from portal.clients.models import MAX_VIEW_NAME_LENGTH, CustomField
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.permissions import has_permission
from tenants.staff.request_types import StaffRequest


@membership_required("saved_views.edit", methods=("POST",))
def save_view(request: StaffRequest) -> HttpResponse:
    """Save the list's current filters and order under a name, for oneself or for everybody."""
    query = parse_list_query(QueryDict(request.POST.get("query", "")), CustomField.objects.all()).query_string
    try:
        services.save_view(
            business=request.business,
            name=request.POST.get("name", ""),
            query=query,
            is_shared=bool(request.POST.get("shared")),
            may_share=_may_share(request),
            staff=request.staff,
            now=database_clock.now(),
        )
    except (services.NameTaken, services.InvalidViewName, services.TooManyViews) as error:
        messages.error(request, _explain_refusal(error))
    except services.ViewSharingDenied as error:
        raise PermissionDenied from error
    else:
        messages.success(request, _("View saved. You find it above the list."))
    return _redirect_to_list(request, query)


@membership_required("saved_views.edit", methods=("POST",))
def delete_view(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Delete a view: one's own, or a shared one for those who may edit clients."""
    view = get_object_or_404(services.list_visible_views(request.person.pk), pk=pk)
    try:
        services.delete_view(view=view, may_share=_may_share(request), staff=request.staff, now=database_clock.now())
    except services.ViewSharingDenied as error:
        raise PermissionDenied from error
    messages.success(request, _("View deleted. No clients were changed."))
    return _redirect_to_list(request, "")


def _may_share(request: StaffRequest) -> bool:
    return has_permission(request.membership, services.VIEW_SHARING_PERMISSION)


def _explain_refusal(error: ValueError) -> str:
    if isinstance(error, services.NameTaken):
        return _("A view with this name already exists.")
    if isinstance(error, services.InvalidViewName):
        return _("Enter a name of up to %(number)s characters.") % {"number": MAX_VIEW_NAME_LENGTH}
    number = {"number": services.MAX_VIEWS}
    return _("There can be %(number)s views of your own and %(number)s shared ones at most. Delete one first.") % number


def _redirect_to_list(request: StaffRequest, query: str) -> HttpResponse:
    url = reverse("console:clients", kwargs={"business": request.slug})
    return redirect(f"{url}?{query}" if query else url)
