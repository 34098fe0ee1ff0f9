"""What is there to see and to decide about the portal?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.profile.console.domain import portal_domains
from tenants import hostnames
from tenants.staff.decorators import membership_required


@membership_required("portal.view")
def page(request: HttpRequest) -> HttpResponse:
    """Show the portal's address, the way to the demo client, and how everything else stands."""
    context = {
        "url": hostnames.absolute_url(hostnames.portal_host_for(request.slug)),
        "custom_domains": portal_domains(request),
        "wait": request.profile.resend_wait,
    }
    return allow_stepping_over(request, render(request, "console/portal/page.html", context))


def allow_stepping_over(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the forms of this one page lead on to the business's portal, which is another host."""
    response._csp_update = {"form-action": hostnames.absolute_url(hostnames.portal_host_for(request.slug), "")}
    return response
