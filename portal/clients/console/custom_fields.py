"""Settings pages for the custom fields of a client card."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.clients import services
from portal.clients.console.forms import CustomFieldForm
from portal.clients.models import CustomField
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("custom_fields.edit", methods=("GET", "POST"))
def list_fields(request: StaffRequest) -> HttpResponse:
    """List the custom fields, and add one."""
    form = CustomFieldForm(request.POST or None)
    if form.is_valid() and _try_save(
        form, services.add_custom_field, staff=request.staff, now=database_clock.now(), **form.cleaned_data
    ):
        messages.success(request, _("Field added. It is now on every card."))
        return redirect("console:client-fields", business=request.slug)
    context = {"form": form, "fields": CustomField.objects.all()}
    return render(request, "console/clients/fields.html", context, status=422 if form.errors else 200)


@membership_required("custom_fields.edit", methods=("GET", "POST"))
def edit_field(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Edit a field's name and choices."""
    found = get_object_or_404(CustomField, pk=pk)
    initial = {"name": found.name, "choices": "\n".join(found.choices)}
    form = CustomFieldForm(request.POST or None, kind=found.kind, initial=initial)
    if form.is_valid():
        new = {"name": form.cleaned_data["name"], "choices": form.cleaned_data.get("choices", [])}
        if _try_save(
            form, services.change_custom_field, field=found, staff=request.staff, now=database_clock.now(), **new
        ):
            messages.success(request, _("Saved."))
            return redirect("console:client-fields", business=request.slug)
    context = {"form": form, "field": found}
    return render(request, "console/clients/field.html", context, status=422 if form.errors else 200)


@membership_required("custom_fields.edit", methods=("POST",))
def move_field(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Move a field one position up or down."""
    found, up = get_object_or_404(CustomField, pk=pk), request.POST.get("to") == "up"
    services.move_custom_field(field=found, up=up, staff=request.staff, now=database_clock.now())
    return redirect(reverse("console:client-fields", kwargs={"business": request.slug}) + f"#field-{found.pk}")


@membership_required("custom_fields.edit", methods=("POST",))
def remove_field(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Remove a field from every client card."""
    found = get_object_or_404(CustomField, pk=pk)
    services.remove_custom_field(field=found, staff=request.staff, now=database_clock.now())
    messages.success(request, _("Field and its values removed."))
    return redirect("console:client-fields", business=request.slug)


def _try_save(form: CustomFieldForm, action: Any, **fields: Any) -> bool:
    try:
        action(**fields)
    except services.NameTaken:
        form.add_error("name", _("A field with this name already exists."))
        return False
    return True
