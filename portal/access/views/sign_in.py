"""The first step of signing in: requesting a code for an address."""

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from portal.access import attack_mode, services, token_cookies
from portal.access.forms import IdentifierForm
from portal.access.network_limits import rate_limit, set_retry_after
from portal.access.request_types import SessionRequest
from portal.access.views.browser_tokens import get_browser_tokens
from portal.access.views.code_entry import find_open_challenge, get_next_url_name
from portal.branding.home_sections import build_sign_in_page_links
from tenants import database_clock
from tenants.nouns import page_registry
from tenants.sliding_windows import RateLimitExceeded
from tenants.visitor_networks import get_visitor_network


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("code-request", "LOGIN_REQUESTS_PER_IP")
def sign_in(request: SessionRequest) -> HttpResponse:
    """Ask for an address; the response is the same whether or not a client has it."""
    if request.method != "POST":
        return _show_sign_in_form(request)
    form = IdentifierForm(request.POST, country=request.business.country)
    if not form.is_valid():
        return render_sign_in_page(request, form, status=422)
    return _request_code(request, form)


def render_sign_in_page(request: SessionRequest, form: IdentifierForm, *, status: int = 200, **context) -> HttpResponse:
    """Show the sign-in page; `context` is what its parts need besides the form."""
    context |= {
        "form": form,
        "sign_in_methods": page_registry.list_sign_in_methods(),
        "sign_in_page_links": build_sign_in_page_links(
            portal_settings=request.portal_settings, now=database_clock.now()
        ),
    }
    return render(request, "portal/access/sign_in.html", context, status=status)


def _show_sign_in_form(request: SessionRequest) -> HttpResponse:
    """Show the form, or redirect to the step at which this browser is."""
    if request.client:
        return redirect("home:home")
    if "again" not in request.GET and token_cookies.get_token_cookie(request, token_cookies.CHALLENGE):
        next_page = "access:code" if find_open_challenge(request) else get_next_url_name(request)
        if next_page:
            return redirect(next_page)
    return render_sign_in_page(request, IdentifierForm(country=request.business.country))


def _request_code(request: SessionRequest, form: IdentifierForm) -> HttpResponse:
    now = database_clock.now()
    code_request = services.CodeRequest(
        identifier=form.cleaned_identifier,
        browser_digest=get_browser_tokens(request).browser_digest,
        network=get_visitor_network(request),
        language=translation.get_language() or "",
        wait_token=request.POST.get("wait_token", "")[:300],
    )
    try:
        _challenge, token = services.request_code(
            business=request.business,
            code_request=code_request,
            under_attack=request.resolved_host.is_under_attack(now),
            now=now,
        )
    except RateLimitExceeded as error:
        response = render_sign_in_page(request, form, status=429, limit_until=error.retry_at)
        return set_retry_after(response, error.retry_at)
    except attack_mode.WaitRequired as wait:
        return _render_wait(request, form, wait)
    rotate_token(request)
    response = redirect("access:code")
    token_cookies.set_token_cookie(response, token_cookies.CHALLENGE, token, lifetime=settings.LOGIN_CHALLENGE_LIFETIME)
    return response


def _render_wait(request: SessionRequest, form: IdentifierForm, wait: attack_mode.WaitRequired) -> HttpResponse:
    """Make an unrecognised browser wait some seconds."""
    ready_at = database_clock.now() + settings.ATTACK_MODE_DELAY
    context = {
        "wait_token": wait.wait_token,
        "reason": wait.reason.value,
        "identifier": form.data["identifier"],
        "ready_at": ready_at,
        "seconds": round(settings.ATTACK_MODE_DELAY.total_seconds()),
    }
    return set_retry_after(render(request, "portal/access/wait.html", context, status=429), ready_at)
