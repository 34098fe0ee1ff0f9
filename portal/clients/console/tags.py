"""Pages for the tags of a business."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.clients import services
from portal.clients.console.forms import TagForm
from portal.clients.models import Tag, TagColour
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("clients.edit", methods=("GET", "POST"))
def list_tags(request: StaffRequest) -> HttpResponse:
    """List the tags, and add one."""
    form = TagForm(request.POST or None, initial={"colour": TagColour.BLUE})
    if form.is_valid():
        try:
            services.create_tag(staff=request.staff, now=database_clock.now(), **form.cleaned_data)
            messages.success(request, _("Added."))
            return redirect("console:tags", business=request.slug)
        except services.NameTaken:
            form.add_error("name", _("A tag with this name already exists."))
    context = {"form": form, "tags": services.list_tags_with_counts()}
    return render(request, "console/clients/tags.html", context, status=422 if form.errors else 200)


@membership_required("clients.edit", methods=("GET", "POST"))
def edit_tag(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Edit a tag's name and colour."""
    found = get_object_or_404(services.list_tags_with_counts(), pk=pk)
    form = TagForm(request.POST or None, initial={"name": found.name, "colour": found.colour})
    if form.is_valid():
        try:
            services.change_tag(tag=found, staff=request.staff, now=database_clock.now(), **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("console:tags", business=request.slug)
        except services.NameTaken:
            form.add_error("name", _("A tag with this name already exists."))
    return render(request, "console/clients/tag.html", {"form": form, "tag": found}, status=422 if form.errors else 200)


@membership_required("clients.edit", methods=("POST",))
def delete_tag(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Delete a tag; it disappears from every client card."""
    found = get_object_or_404(Tag, pk=pk)
    services.delete_tag(tag=found, staff=request.staff, now=database_clock.now())
    messages.success(request, _("Tag removed. No clients were deleted."))
    return redirect("console:tags", business=request.slug)
