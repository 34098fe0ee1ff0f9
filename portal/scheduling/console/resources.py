"""Pages for rooms and equipment."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.console.row_editing import SETUP_PERMISSION, describe_saved, get_row_for_edit
from portal.scheduling.forms.resource_form import ResourceForm
from portal.scheduling.models import Resource, ResourceKind
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
@transaction.atomic
def list_resources(request: StaffRequest) -> HttpResponse:
    """List the rooms and equipment, and add one."""
    form = ResourceForm(request.POST or None, initial={"kind": ResourceKind.ROOM})
    if form.is_valid():
        values = form.values | {"is_active": True}
        services.add_resource(staff=request.staff, now=database_clock.now(), **values)
        messages.success(request, _("Added. Now choose it at the services that need it."))
        return redirect("console:resources", business=request.slug)
    resources = Resource.objects.prefetch_related("services").order_by("-is_active", "kind", "name", "pk")
    context = {"form": form, "resources": resources}
    return render(request, "console/scheduling/resources.html", context, status=form.error_status)


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
@transaction.atomic
def edit_resource(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Change a room or piece of equipment. Appointments keep what they have reserved."""
    resource, now = get_row_for_edit(request, Resource.objects.all(), pk), database_clock.now()
    current = {name: getattr(resource, name) for name in ("name", "kind", "is_active")}
    form = ResourceForm(request.POST or None, current=current)
    coming = services.query_coming_in_resource(resource, now=now).count()
    if form.is_valid():
        services.change_resource(resource=resource, staff=request.staff, now=now, **form.values)
        stays = coming and not form.cleaned_data["is_active"]
        messages.success(request, describe_saved(coming) if stays else _("Saved."))
        return redirect("console:resources", business=request.slug)
    context = {"form": form, "resource": resource, "coming": coming}
    return render(request, "console/scheduling/resource.html", context, status=form.error_status)
