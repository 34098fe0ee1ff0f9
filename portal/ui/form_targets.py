"""The exception to the content security policy for forms of the console that lead to the portal."""

from django.http import HttpRequest, HttpResponse

from tenants import hostnames


def allow_portal_form_target(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Allow this page's forms to redirect to the business's portal, which is another host, in the CSP header."""
    response._csp_update = {"form-action": hostnames.absolute_url(hostnames.portal_host_for(request.slug), "")}
    return response
