"""The exception to the content security policy for forms of the console that lead to the portal."""

from csp.decorators import csp_update
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from tenants import hostnames
from tenants.staff.request_types import StaffRequest


def allow_portal_form_target(request: StaffRequest, response: HttpResponse) -> HttpResponseBase:
    """Allow this page's forms to lead to the business's portal, which is another host, in the CSP header."""
    portal_url = hostnames.build_absolute_url(hostnames.build_portal_host(request.slug), "")
    return csp_update({"form-action": portal_url})(lambda _request: response)(request)
