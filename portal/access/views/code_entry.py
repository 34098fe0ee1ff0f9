"""The second step of signing in: the code page, resending a code, and selecting an account."""

from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.access import services, token_cookies
from portal.access.challenge_presenter import present_challenge
from portal.access.forms import (
    CodeForm,
    build_old_code_message,
    build_unreadable_code_message,
    build_wrong_code_message,
)
from portal.access.models import Challenge, ChallengePurpose
from portal.access.network_limits import rate_limit, render_too_many_requests, set_retry_after
from portal.access.request_types import SessionRequest
from portal.access.services import NewSession
from portal.access.views.browser_tokens import get_browser_tokens
from portal.branding.home_sections import build_sign_in_page_links
from tenants import database_clock
from tenants.models import Channel
from tenants.sliding_windows import RateLimitExceeded


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("guess", "LOGIN_GUESSES_PER_IP")
def handle_code_form(request: SessionRequest) -> HttpResponse:
    """Show the code form; on POST verify the code and sign the client in."""
    if request.method != "POST":
        return _show_open_challenge(request, CodeForm())
    form = CodeForm(request.POST)
    return _verify_code(request, form) if form.is_valid() else _show_open_challenge(request, form, status=422)


@require_POST
@rate_limit("code-request", "LOGIN_REQUESTS_PER_IP")
def resend_code(request: SessionRequest) -> HttpResponse:
    """Send another code, by the same channel or the chosen one."""
    channel = request.POST.get("channel") or None
    if channel not in (None, *Channel.values):
        return render(request, "errors/400.html", {"reason": _("Choose email or text message.")}, status=400)
    try:
        services.resend_code(
            business=request.business,
            token=token_cookies.get_token_cookie(request, token_cookies.CHALLENGE),
            channel=Channel(channel) if channel else None,
            browser_digest=get_browser_tokens(request).browser_digest,
            language=translation.get_language() or "",
            now=database_clock.now(),
        )
    except Challenge.DoesNotExist:
        return _render_challenge_closed(request)
    except services.ResendRefused as refused:
        return _refuse_resend(request, refused.retry_at)
    except RateLimitExceeded as error:
        return _refuse_resend(request, error.retry_at)
    return redirect("access:code")


@require_http_methods(["GET", "HEAD", "POST"])
def select_account(request: SessionRequest) -> HttpResponse:
    """Let a client who shares an address with others select their account."""
    token, now = token_cookies.get_token_cookie(request, token_cookies.CHALLENGE), database_clock.now()
    try:
        if request.method == "POST":
            return _select_account(request, token, now=now)
        return _render_account_selection(request, token, remember_me="remember_me" in request.GET, now=now)
    except services.ChallengeClosed:
        return _render_challenge_closed(request)


def find_open_challenge(request: SessionRequest) -> Challenge | None:
    """Return the open challenge of this browser, even if it has no guesses left."""
    token = token_cookies.get_token_cookie(request, token_cookies.CHALLENGE)
    return (
        services.find_challenge(token=token, purpose=ChallengePurpose.SIGN_IN, now=database_clock.now())
        if token
        else None
    )


def get_next_url_name(request: SessionRequest) -> str | None:
    """Return the URL name of the page after a right code: home or the account selection; None if there is none."""
    if request.client:
        return "home:home"
    token = token_cookies.get_token_cookie(request, token_cookies.CHALLENGE)
    try:
        services.get_pending_account_selection(token=token, now=database_clock.now())
    except services.ChallengeClosed:
        return None
    return "access:select-account"


def complete_sign_in(request: SessionRequest, new_session: NewSession) -> HttpResponse:
    """Redirect a client to their portal, with new session, browser and CSRF tokens."""
    rotate_token(request)
    response = redirect("home:home")
    lifetime = settings.REMEMBER_ME_LIFETIME if new_session.session.remember_me else None
    token_cookies.set_token_cookie(response, token_cookies.SESSION, new_session.token, lifetime=lifetime)
    token_cookies.set_token_cookie(
        response, token_cookies.BROWSER, new_session.browser_token, lifetime=settings.RECOGNISED_BROWSER_LIFETIME
    )
    token_cookies.delete_token_cookie(response, token_cookies.CHALLENGE)
    return response


def _show_open_challenge(request: SessionRequest, form: CodeForm, **context) -> HttpResponse:
    """Show the page of the open challenge, redirect if its code was verified, or show that there is none."""
    challenge = find_open_challenge(request)
    if challenge:
        return _render_code_page(request, challenge, form, **context)
    if request.method != "POST" and (url_name := get_next_url_name(request)):
        return redirect(url_name)
    return _render_challenge_closed(request)


def _verify_code(request: SessionRequest, form: CodeForm) -> HttpResponse:
    browser = get_browser_tokens(request)
    try:
        identity = services.verify_code(
            business=request.business,
            token=token_cookies.get_token_cookie(request, token_cookies.CHALLENGE),
            typed=form.cleaned_data["code"],
            browser=browser,
            remember_me=form.cleaned_data["remember_me"],
            now=database_clock.now(),
        )
    except services.UnreadableCode as unreadable:
        form.add_error("code", build_unreadable_code_message(unreadable.length))
        return _show_open_challenge(request, form, status=422)
    except services.CodeRejected as rejected:
        # An empty form, so that nobody has to delete the wrong digits first.
        empty_form = CodeForm(initial={"remember_me": form.cleaned_data["remember_me"]})
        return _show_open_challenge(
            request, empty_form, status=422, error=build_wrong_code_message(rejected.guesses_left)
        )
    except services.OldCodeEntered as old:
        empty_form = CodeForm(initial={"remember_me": form.cleaned_data["remember_me"]})
        return _show_open_challenge(request, empty_form, status=422, error=build_old_code_message(old.has_newer))
    except services.ChallengeClosed:
        return _show_open_challenge(request, CodeForm(), status=409)
    except RateLimitExceeded as error:
        return render_too_many_requests(request, error.retry_at, for_address=True)
    if identity.new_session is None:
        return redirect(
            reverse("access:select-account") + ("?remember_me=on" if form.cleaned_data["remember_me"] else "")
        )
    return complete_sign_in(request, identity.new_session)


def _render_account_selection(
    request: SessionRequest, token: str, *, remember_me: bool, now: datetime, error: str = "", status: int = 200
) -> HttpResponse:
    challenge, generation = services.get_pending_account_selection(token=token, now=now)
    clients = services.find_verified_clients(challenge, generation, browser_digest=b"")
    context = {
        "accounts": [(str(client.pk), client.name) for client in clients],
        "remember_me": remember_me,
        "error": error,
    }
    return render(request, "portal/access/select_account.html", context, status=status)


def _select_account(request: SessionRequest, token: str, *, now: datetime) -> HttpResponse:
    browser, remember_me = get_browser_tokens(request), bool(request.POST.get("remember_me"))
    try:
        new_session = services.select_account(
            token=token, client_id=request.POST.get("client", ""), browser=browser, remember_me=remember_me, now=now
        )
    except services.InvalidAccountSelection:
        error = _("Select your name from the list.")
        return _render_account_selection(request, token, remember_me=remember_me, now=now, error=error, status=422)
    return complete_sign_in(request, new_session)


def _refuse_resend(request: SessionRequest, retry_at: datetime | None) -> HttpResponse:
    challenge = find_open_challenge(request)
    if challenge is None:
        return _render_challenge_closed(request)
    if retry_at is None:
        error = _("No more codes can be sent for this sign-in. Start again to get a new one.")
        return _render_code_page(request, challenge, CodeForm(), status=409, error=error)
    error = _("A new code can’t be sent yet. Your last code still works.")
    return set_retry_after(_render_code_page(request, challenge, CodeForm(), status=429, error=error), retry_at)


def _render_challenge_closed(request: SessionRequest) -> HttpResponse:
    """Show that there is no open challenge, and offer to start again."""
    status = 200 if request.method in ("GET", "HEAD") else 409
    context = {
        "state": "expired",
        "sign_in_page_links": build_sign_in_page_links(
            portal_settings=request.portal_settings, now=database_clock.now()
        ),
    }
    return render(request, "portal/access/code.html", context, status=status)


def _render_code_page(
    request: SessionRequest, challenge: Challenge, form: CodeForm, *, status: int = 200, **context
) -> HttpResponse:
    presented_challenge = present_challenge(challenge, portal_settings=request.portal_settings)
    context |= {
        "form": form,
        "challenge": presented_challenge,
        "state": "open" if presented_challenge.guesses_left else "locked",
        "sign_in_page_links": build_sign_in_page_links(
            portal_settings=request.portal_settings, now=database_clock.now()
        ),
    }
    return render(request, "portal/access/code.html", context, status=status)
