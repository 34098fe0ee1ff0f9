"""The console page for how clients sign in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.branding.console.forms import SignInSettingsForm
from portal.branding.console.overview_cards import build_allow_list_url
from portal.branding.portal_settings_changes import change_settings
from portal.branding.services import get_portal_settings
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("portal.edit", methods=("GET", "POST"))
def edit_sign_in_settings(request: StaffRequest) -> HttpResponse:
    """Show or save how codes are sent: the wait between two, channel, subject of the mail, countries for texts."""
    form = SignInSettingsForm.from_portal_settings(get_portal_settings(), request.POST or None)
    if form.is_valid():
        values, now = form.cleaned_settings, database_clock.now()
        if change_settings(business=request.business, staff=request.staff, now=now, **values):
            messages.success(request, _("Saved. The settings apply from the next code."))
        return redirect("console:portal-sign-in", business=request.slug)
    context = {"form": form, "allow_list_url": build_allow_list_url(request.slug)}
    return render(request, "console/branding/sign_in.html", context, status=422 if form.is_bound else 200)
