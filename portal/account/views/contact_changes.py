"""Pages to add or replace a contact and to reauthenticate, each confirmed with a code."""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from portal.access import services as access
from portal.access import token_cookies
from portal.access.challenge_presenter import present_challenge
from portal.access.forms import (
    CodeForm,
    IdentifierForm,
    build_old_code_message,
    build_unreadable_code_message,
    build_wrong_code_message,
)
from portal.access.models import Challenge, ChallengePurpose
from portal.access.network_limits import rate_limit, render_too_many_requests
from portal.access.reauthentication import is_recently_authenticated, reauth_required
from portal.access.request_types import ClientSessionRequest
from portal.account.services import (
    NewContactRefused,
    check_new_contact,
    describe_missing_texts,
    get_sign_in_identifier,
)
from portal.clients.decorators import client_required
from portal.clients.identifiers import Identifier
from portal.clients.models import Contact, ContactKind, ContactSource
from portal.ui.redirects import redirect_with_query
from tenants import database_clock
from tenants.models import Channel
from tenants.sliding_windows import RateLimitExceeded
from tenants.visitor_networks import get_visitor_network

View = Callable[[ClientSessionRequest], HttpResponse]
OnVerified = Callable[[ClientSessionRequest, Challenge, datetime], HttpResponse]


def block_demo_client(view: View) -> View:
    """Show the demo client an explanation instead of the view: no code is ever sent to it."""

    @wraps(view)
    def wrapper(request: ClientSessionRequest) -> HttpResponse:
        if request.client.is_demo:
            return render(
                request, "portal/account/demo_client_blocked.html", status=403 if request.method == "POST" else 200
            )
        return view(request)

    return wrapper


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("code-request", "LOGIN_REQUESTS_PER_IP")
@reauth_required
@block_demo_client
def edit_own_contact(request: ClientSessionRequest) -> HttpResponse:
    """Ask for a new email address or number, and send a code there to prove that it is the client's."""
    old = _find_contact_to_replace(request)
    if request.method != "POST":
        return _render_form(request, IdentifierForm(country=request.business.country), old)
    form = IdentifierForm(request.POST, country=request.business.country)
    if not form.is_valid() or not _validate_new_contact(request, form, old):
        return _render_form(request, form, old, status=422)
    next_step = redirect_with_query("account:contact-code", {"replaces": old.pk} if old else {})
    return _send_code(request, ChallengePurpose.NEW_CONTACT, form.cleaned_identifier, next_step=next_step)


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("guess", "LOGIN_GUESSES_PER_IP")
@reauth_required
@block_demo_client
def confirm_contact(request: ClientSessionRequest) -> HttpResponse:
    """Ask for the code that was sent to the new address, and save the address."""
    return _render_or_verify_code(
        request, ChallengePurpose.NEW_CONTACT, "portal/account/contact_code.html", _change_contact
    )


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("code-request", "LOGIN_REQUESTS_PER_IP")
@client_required
@block_demo_client
def request_reauthentication_code(request: ClientSessionRequest) -> HttpResponse:
    """Send a code to a client who signed in a while ago, to prove again that it is them."""
    session = request.client_session
    if request.method != "POST":
        context = {
            "masked": get_sign_in_identifier(session).masked,
            "recently_authenticated": is_recently_authenticated(request),
            "next_url": _build_next_url(request),
        }
        return render(request, "portal/account/reauthentication.html", context)
    next_step = redirect_with_query("account:reauthentication-code", request.GET)
    return _send_code(request, ChallengePurpose.REAUTHENTICATION, get_sign_in_identifier(session), next_step=next_step)


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("guess", "LOGIN_GUESSES_PER_IP")
@client_required
@block_demo_client
def confirm_reauthentication(request: ClientSessionRequest) -> HttpResponse:
    """Ask for the code that reauthenticates the client."""
    return _render_or_verify_code(
        request, ChallengePurpose.REAUTHENTICATION, "portal/account/contact_code.html", _mark_reauthenticated
    )


def _find_contact_to_replace(request: ClientSessionRequest) -> Contact | None:
    """Return the contact to replace, if the request names one. Raises Http404 for another client's."""
    contact_id = request.POST.get("replaces") or request.GET.get("replaces")
    if not contact_id:
        return None
    try:
        pk = uuid.UUID(contact_id)
    except ValueError:
        pk = uuid.UUID(int=0)
    return get_object_or_404(request.client.contacts, pk=pk)


def _render_form(
    request: ClientSessionRequest, form: IdentifierForm, old: Contact | None, *, status: int = 200
) -> HttpResponse:
    kind = old.kind if old else request.GET.get("kind")
    context = {"form": form, "kind": kind, "replaces": old, "may_get_texts": request.client.is_confirmed}
    return render(request, "portal/account/contact.html", context, status=status)


def _validate_new_contact(request: ClientSessionRequest, form: IdentifierForm, old: Contact | None) -> bool:
    """Add an error for an address that can't receive a code, is of another kind than the old one, or exists already."""
    try:
        check_new_contact(
            client=request.client,
            new=form.cleaned_identifier,
            old=old,
            business=request.business,
            portal_settings=request.portal_settings,
        )
    except NewContactRefused as refusal:
        form.add_error("identifier", str(refusal))
    return not form.errors


def _send_code(
    request: ClientSessionRequest, purpose: ChallengePurpose, identifier: Identifier, *, next_step: HttpResponse
) -> HttpResponse:
    try:
        _challenge, token = access.open_confirmation_challenge(
            business=request.business,
            session=request.client_session,
            purpose=purpose,
            identifier=identifier,
            network=get_visitor_network(request),
            language=translation.get_language() or "",
            now=database_clock.now(),
        )
    except RateLimitExceeded as exceeded:
        return render_too_many_requests(request, exceeded.retry_at, for_address=True)
    except access.TextNotAllowed:
        context = {"masked": identifier.masked, "error": describe_missing_texts(request.business)}
        return render(request, "portal/account/reauthentication.html", context, status=403)
    token_cookies.set_token_cookie(
        next_step, token_cookies.CONFIRMATION, token, lifetime=settings.LOGIN_CHALLENGE_LIFETIME
    )
    return next_step


def _render_or_verify_code(
    request: ClientSessionRequest, purpose: ChallengePurpose, template: str, on_verified: OnVerified
) -> HttpResponse:
    """Show the form for a code, or verify the code and call `on_verified`."""
    challenge = _find_challenge(request, purpose)
    if challenge is None:
        return render(request, template, {"state": "expired"}, status=200 if request.method != "POST" else 409)
    form = CodeForm(request.POST or None)
    context = {
        "form": form,
        "challenge": present_challenge(challenge, portal_settings=request.portal_settings),
        "state": "open",
        "is_new_number": purpose == ChallengePurpose.NEW_CONTACT and challenge.channels[-1] == Channel.SMS,
    }
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    return _verify_code(request, purpose, form, template, context, on_verified)


def _verify_code(
    request: ClientSessionRequest,
    purpose: ChallengePurpose,
    form: CodeForm,
    template: str,
    context: dict,
    on_verified: OnVerified,
) -> HttpResponse:
    now = database_clock.now()
    try:
        challenge = access.confirm_challenge(
            business=request.business,
            token=token_cookies.get_token_cookie(request, token_cookies.CONFIRMATION),
            typed=form.cleaned_data["code"],
            purpose=purpose,
            now=now,
        )
    except access.UnreadableCode as unreadable:
        form.add_error("code", build_unreadable_code_message(unreadable.length))
        return render(request, template, context, status=422)
    except access.CodeRejected as rejected:
        return render(
            request, template, context | {"error": build_wrong_code_message(rejected.guesses_left)}, status=422
        )
    except access.OldCodeEntered as old:
        return render(request, template, context | {"error": build_old_code_message(old.has_newer)}, status=422)
    except access.ChallengeClosed:
        return render(request, template, {"state": "expired"}, status=409)
    except RateLimitExceeded as exceeded:
        return render_too_many_requests(request, exceeded.retry_at, for_address=True)
    response = on_verified(request, challenge, now)
    token_cookies.delete_token_cookie(response, token_cookies.CONFIRMATION)
    return response


def _find_challenge(request: ClientSessionRequest, purpose: ChallengePurpose) -> Challenge | None:
    token = token_cookies.get_token_cookie(request, token_cookies.CONFIRMATION)
    challenge = access.find_challenge(token=token, purpose=purpose, now=database_clock.now()) if token else None
    return challenge if challenge and challenge.client_id == request.client.pk else None


def _change_contact(request: ClientSessionRequest, challenge: Challenge, now: datetime) -> HttpResponse:
    access.change_contact(
        client=request.client,
        old=_find_contact_to_replace(request),
        new=Identifier(ContactKind(challenge.identifier_kind), challenge.address),
        source=ContactSource.CLIENT,
        current_session=request.client_session,
        now=now,
    )
    return redirect("account:details")


def _mark_reauthenticated(request: ClientSessionRequest, challenge: Challenge, now: datetime) -> HttpResponse:
    access.mark_reauthenticated(session=request.client_session, now=now)
    return redirect(_build_next_url(request))


def _build_next_url(request: ClientSessionRequest) -> str:
    """Return the page of this portal that asked to reauthenticate; by default the change of an address."""
    next_url = request.GET.get("next", "")
    if next_url.startswith("/") and url_has_allowed_host_and_scheme(next_url, allowed_hosts=None):
        return next_url
    return redirect_with_query("account:contact", request.GET).url
