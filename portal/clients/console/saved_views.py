"""Saving and deleting views of the client list."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.clients import services
from portal.clients.list_query import parse_list_query
from portal.clients.models import CustomField, SavedView
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.permissions import has_permission
from tenants.staff.request_types import StaffRequest
from tenants.text_cleaning import clean_line

MAX_NAME_LENGTH = 60


@membership_required("saved_views.edit", methods=("POST",))
def save_view(request: StaffRequest) -> HttpResponse:
    """Save the list's current filters and order under a name, for oneself or for everybody."""
    query = parse_list_query(QueryDict(request.POST.get("query", "")), CustomField.objects.all()).query_string
    name = clean_line(request.POST.get("name", ""))
    shared = bool(request.POST.get("shared")) and has_permission(request.membership, "clients.edit")
    if not 1 <= len(name) <= MAX_NAME_LENGTH:
        messages.error(request, _("Enter a name of up to %(number)s characters.") % {"number": MAX_NAME_LENGTH})
        return _redirect_to_list(request, query)
    try:
        person_id = None if shared else request.person.pk
        services.save_view(name=name, query=query, person_id=person_id, staff=request.staff, now=database_clock.now())
        messages.success(request, _("View saved. You find it above the list."))
    except services.NameTaken:
        messages.error(request, _("A view with this name already exists."))
    return _redirect_to_list(request, query)


@membership_required("saved_views.edit", methods=("POST",))
def delete_view(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Delete a view: one's own, or a shared one for those who may edit clients."""
    view = get_object_or_404(SavedView, Q(person_id=request.person.pk) | Q(person_id=None), pk=pk)
    if view.person_id is None and not has_permission(request.membership, "clients.edit"):
        raise PermissionDenied
    services.delete_view(view=view, staff=request.staff, now=database_clock.now())
    messages.success(request, _("View deleted. No clients were changed."))
    return _redirect_to_list(request, "")


def _redirect_to_list(request: StaffRequest, query: str) -> HttpResponse:
    url = reverse("console:clients", kwargs={"business": request.slug})
    return redirect(f"{url}?{query}" if query else url)
