"""The console's Client Portal page, which leads to all settings of the portal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.profile.console.domain import portal_domains
from tenants import hostnames
from tenants.staff.decorators import membership_required


@membership_required("portal.view")
def overview(request: HttpRequest) -> HttpResponse:
    """Show the portal's address, the demo client, and the current settings."""
    context = {
        "url": hostnames.absolute_url(hostnames.portal_host_for(request.slug)),
        "custom_domains": portal_domains(request),
        "resend_wait": request.profile.resend_wait,
    }
    return allow_portal_form_target(request, render(request, "console/portal/overview.html", context))


def allow_portal_form_target(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Allow this page's forms to redirect to the business's portal, which is another host, in the CSP header."""
    response._csp_update = {"form-action": hostnames.absolute_url(hostnames.portal_host_for(request.slug), "")}
    return response
