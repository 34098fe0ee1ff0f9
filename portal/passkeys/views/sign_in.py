"""Signing in with a passkey, from the sign-in page."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from portal.access import token_cookies
from portal.access.forms import IdentifierForm
from portal.access.network_limits import rate_limit
from portal.access.request_types import SessionRequest
from portal.access.views.browser_tokens import get_browser_tokens
from portal.access.views.code_entry import complete_sign_in
from portal.access.views.sign_in import render_sign_in_page
from portal.passkeys import services
from portal.passkeys.forms import PasskeyResponseForm
from portal.passkeys.token_cookie import PASSKEY_BROWSER
from tenants import database_clock, tokens


@require_POST
@rate_limit("passkey", "LOGIN_GUESSES_PER_IP")
def sign_in(request: SessionRequest) -> HttpResponse:
    """Sign in the client whose passkey answered; the answer to all others is the same."""
    form = PasskeyResponseForm(request.POST)
    if not form.is_valid():
        return _reject(request)
    try:
        new_session = services.sign_in_with_passkey(
            business=request.business,
            relying_party=services.get_relying_party(request.resolved_host),
            browser_secret=token_cookies.get_token_cookie(request, PASSKEY_BROWSER),
            browser=get_browser_tokens(request),
            now=database_clock.now(),
            **form.cleaned_data,
        )
    except services.PasskeyRejected:
        return _reject(request)
    return complete_sign_in(request, new_session)


@require_POST
def begin_sign_in(request: SessionRequest) -> HttpResponse:
    """Answer with what the browser needs to offer its passkeys, and remember the browser by a cookie."""
    secret = token_cookies.get_token_cookie(request, PASSKEY_BROWSER) or tokens.generate_token()
    options = services.begin_sign_in(
        business=request.business,
        relying_party=services.get_relying_party(request.resolved_host),
        browser_secret=secret,
        now=database_clock.now(),
    )
    response = JsonResponse(options)
    token_cookies.set_token_cookie(response, PASSKEY_BROWSER, secret, lifetime=None)
    return response


def _reject(request: SessionRequest) -> HttpResponse:
    form = IdentifierForm(country=request.business.country)
    return render_sign_in_page(request, form, status=422, is_passkey_rejected=True)
