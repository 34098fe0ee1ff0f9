"""The page of a link by which staff let a browser start an attempt to sign in."""

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from portal.access import token_cookies
from portal.access.network_limits import rate_limit, render_too_many_requests
from portal.access.request_types import SessionRequest
from portal.access.services.attempt_links import InvalidAttemptLink, LinkVisitor, read_attempt_link, start_attempt
from portal.access.views.browser_tokens import get_browser_tokens
from tenants import database_clock
from tenants.sliding_windows import RateLimitExceeded
from tenants.visitor_networks import get_visitor_network

GONE = 410
MAX_LINK_LENGTH = 400


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("code-request", "LOGIN_REQUESTS_PER_IP")
def start_from_link(request: SessionRequest) -> HttpResponse:
    """Show what a link does and use nothing up; on POST open the attempt in this browser and send its code."""
    fields = request.POST if request.method == "POST" else request.GET
    signed_link, now = fields.get("link", "")[:MAX_LINK_LENGTH], database_clock.now()
    try:
        if request.method == "POST":
            return _start_attempt(request, signed_link)
        link = read_attempt_link(signed_link, business=request.business, now=now)
    except InvalidAttemptLink:
        return render(request, "portal/access/attempt_link_invalid.html", status=GONE)
    except RateLimitExceeded as error:
        return render_too_many_requests(request, error.retry_at, for_address=True)
    context = {"signed_link": signed_link, "identifier_masked": link.identifier.masked}
    return render(request, "portal/access/attempt_link.html", context)


def _start_attempt(request: SessionRequest, signed_link: str) -> HttpResponse:
    now = database_clock.now()
    visitor = LinkVisitor(
        browser_digest=get_browser_tokens(request).browser_digest,
        network=get_visitor_network(request),
        language=translation.get_language() or "",
    )
    _challenge, token = start_attempt(
        business=request.business,
        signed_link=signed_link,
        visitor=visitor,
        under_attack=request.resolved_host.is_under_attack(now),
        now=now,
    )
    rotate_token(request)
    response = redirect("access:code")
    token_cookies.set_token_cookie(response, token_cookies.CHALLENGE, token, lifetime=settings.LOGIN_CHALLENGE_LIFETIME)
    return response
