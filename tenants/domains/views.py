"""Views for certificate managers and for our own probe of custom domains."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tenants.domains import custom_domains, https_probe
from tenants.request_types import PortalRequest


@require_safe
def allow_certificate(request: HttpRequest) -> HttpResponse:
    """Answer 200 for verified domains and 404 for others; Caddy asks this before it orders a certificate."""
    is_verified = custom_domains.is_verified_domain(request.GET.get("domain", "")[:300])
    return HttpResponse(
        "yes\n" if is_verified else "no\n", content_type="text/plain", status=200 if is_verified else 404
    )


@require_safe
def serve_probe_token(request: PortalRequest) -> HttpResponse:
    """Return the token by which our probe knows that the domain leads to us."""
    return HttpResponse(https_probe.derive_probe_token(request.resolved_host.portal_host), content_type="text/plain")
