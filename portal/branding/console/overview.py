"""The console's Client Portal page, which leads to all settings of the portal."""

from django.http.response import HttpResponseBase
from django.shortcuts import render

from portal.branding.services import get_portal_settings
from portal.ui.form_targets import allow_portal_form_target
from tenants import hostnames
from tenants.domains import custom_domains
from tenants.staff.decorators import membership_required
from tenants.staff.requests import StaffRequest


@membership_required("portal.view")
def show_portal_overview(request: StaffRequest) -> HttpResponseBase:
    """Show the portal's address, the demo client, and the current settings."""
    portal_settings = get_portal_settings()
    context = {
        "portal_settings": portal_settings,
        "url": hostnames.build_absolute_url(hostnames.build_portal_host(request.slug)),
        "custom_domains": list(custom_domains.list_custom_domains(request.business)),
        "resend_wait": portal_settings.resend_wait,
    }
    return allow_portal_form_target(request, render(request, "console/branding/overview.html", context))
