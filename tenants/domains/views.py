"""May a certificate be had for this domain, and are we who answers there?"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tenants.domains import claims, probe


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Say 200 for proven domains and 404 for all others: what Caddy asks before it orders a certificate."""
    known = claims.is_proven(request.GET.get("domain", "")[:300])
    return HttpResponse("yes\n" if known else "no\n", content_type="text/plain", status=200 if known else 404)


@require_safe
def sign_of_life(request: HttpRequest) -> HttpResponse:
    """Prove to ourselves that this domain leads to us."""
    resolved_host = request.resolved_host  # type: ignore[attr-defined]
    return HttpResponse(probe.sign_of_life(resolved_host.portal_host), content_type="text/plain")
