"""The settings page of the contact form."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.clients.models import CustomField
from portal.intake import services
from portal.intake.contact_form_settings_form import ContactFormSettingsForm
from portal.intake.models import ContactFormSettings
from tenants import database_clock
from tenants.hostnames import build_portal_url
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("portal.edit", methods=("GET", "POST"))
def edit_contact_form_settings(request: StaffRequest) -> HttpResponse:
    """Choose whether there is a contact form, what it asks and what it says."""
    current = ContactFormSettings.objects.filter(pk=1).first() or ContactFormSettings()
    form = ContactFormSettingsForm(request.POST or None, contact_form=current, fields=CustomField.objects.all())
    if form.is_valid():
        values = form.cleaned_settings
        services.change_contact_form_settings(
            business=request.business, staff=request.staff, now=database_clock.now(), **values
        )
        messages.success(request, _("Saved. The form is updated within seconds."))
        return redirect("console:contact-form", business=request.slug)
    context = {"form": form, "contact_form": current, "url": build_portal_url(request.business, "/contact/")}
    return render(request, "console/intake/contact_form.html", context, status=422 if form.errors else 200)
