"""How does a client change an address the business reaches them by? With a fresh code, each time."""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.access import cookies
from portal.access import services as access
from portal.access.address_limits import RateLimitExceeded
from portal.access.challenge_status import get_challenge_status
from portal.access.forms import CodeForm, SignInForm, wrong_code_message
from portal.access.models import Challenge, ChallengePurpose, ClientSession
from portal.access.network_limits import rate_limit, too_many_requests
from portal.access.reauthentication import reauth_required, recently_authenticated
from portal.clients.identifiers import Identifier, can_receive_sms
from portal.clients.models import Contact
from portal.profile.services import sms_countries
from portal.ui.decorators import View, client_required
from portal.ui.redirects import redirect_with_query

Done = Callable[[HttpRequest, Challenge, datetime], HttpResponse]


def not_in_the_demo(view: View) -> View:
    """Tell the demo client in a sentence that no code would come: nothing is sent to somebody who isn't there."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if request.client.is_demo:
            return render(request, "portal/profile/demo.html", status=403 if request.method == "POST" else 200)
        return view(request)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("ask", "LOGIN_REQUESTS_PER_IP")
@reauth_required
@not_in_the_demo
def contact(request: HttpRequest) -> HttpResponse:
    """Take a new address, and send a code there to make sure it is theirs."""
    old = _replaced(request)
    if request.method != "POST":
        return _contact(request, SignInForm(country=request.business.country), old)
    form = SignInForm(request.POST, country=request.business.country)
    if not form.is_valid() or not _acceptable(request, form, old):
        return _contact(request, form, old, status=422)
    then = redirect_with_query("profile:contact-code", {"replaces": old.pk} if old else {})
    return _send(request, ChallengePurpose.NEW_CONTACT, form.identity, then=then)


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("guess", "LOGIN_GUESSES_PER_IP")
@reauth_required
@not_in_the_demo
def contact_code(request: HttpRequest) -> HttpResponse:
    """Take the code that was sent to the new address, and put the address on the card."""
    return _code_page(request, ChallengePurpose.NEW_CONTACT, "portal/profile/contact_code.html", _change)


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("ask", "LOGIN_REQUESTS_PER_IP")
@client_required
@not_in_the_demo
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask somebody who signed in a while ago to prove again that it is them, and send the code for it."""
    session = request.client_session
    if request.method != "POST":
        context = {"masked": _identifier_of(session).masked, "is_fresh": recently_authenticated(request)}
        return render(request, "portal/profile/confirm.html", context)
    then = redirect_with_query("profile:confirm-code", request.GET)
    return _send(request, ChallengePurpose.REAUTHENTICATION, _identifier_of(session), then=then)


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("guess", "LOGIN_GUESSES_PER_IP")
@client_required
@not_in_the_demo
def confirm_code(request: HttpRequest) -> HttpResponse:
    """Take the code that proves it is still them."""
    return _code_page(
        request, ChallengePurpose.REAUTHENTICATION, "portal/profile/contact_code.html", _mark_reauthenticated
    )


def _identifier_of(session: ClientSession) -> Identifier:
    return Identifier(Contact.Kind(session.identifier_kind), session.address)


def _replaced(request: HttpRequest) -> Contact | None:
    """Return the address that is to be replaced, if one was named. Raises Http404 for anybody else's."""
    named = request.POST.get("replaces") or request.GET.get("replaces")
    if not named:
        return None
    try:
        pk = uuid.UUID(named)
    except ValueError:
        pk = uuid.UUID(int=0)
    return get_object_or_404(request.client.contacts, pk=pk)


def _contact(request: HttpRequest, form: SignInForm, old: Contact | None, *, status: int = 200) -> HttpResponse:
    kind = old.kind if old else request.GET.get("kind")
    context = {"form": form, "kind": kind, "replaces": old}
    return render(request, "portal/profile/contact.html", context, status=status)


def _acceptable(request: HttpRequest, form: SignInForm, old: Contact | None) -> bool:
    """Refuse what could never receive a code, or would put an email address where a number stood."""
    new = form.identity
    if old and old.kind != new.kind:
        form.add_error("identifier", _("Enter the same kind of address as the one you are replacing."))
    elif new.kind == Contact.Kind.PHONE and not can_receive_sms(new.value, countries=sms_countries(request.profile)):
        form.add_error("identifier", _("We can't send text messages to this number."))
    elif request.client.contacts.filter(kind=new.kind, value=new.value, confirmed_at__isnull=False).exists():
        form.add_error("identifier", _("This address is on file already."))
    return not form.errors


def _send(
    request: HttpRequest, purpose: ChallengePurpose, identifier: Identifier, *, then: HttpResponse
) -> HttpResponse:
    try:
        _challenge, token = access.open_challenge(
            business=request.business,
            session=request.client_session,
            purpose=purpose,
            identifier=identifier,
            language=translation.get_language() or "",
            now=timezone.now(),
        )
    except RateLimitExceeded as spent:
        return too_many_requests(request, spent.retry_at, for_address=True)
    cookies.set_token(then, cookies.CONFIRMATION, token, lifetime=settings.LOGIN_CHALLENGE_LIFETIME)
    return then


def _code_page(request: HttpRequest, purpose: ChallengePurpose, template: str, done: Done) -> HttpResponse:
    """Show the code field, judge what is typed, and do what the right code allows."""
    challenge = _open_confirmation(request, purpose)
    if challenge is None:
        return render(request, template, {"state": "expired"}, status=200 if request.method != "POST" else 409)
    form = CodeForm(request.POST or None)
    context = {"form": form, "challenge": get_challenge_status(challenge, profile=request.profile), "state": "open"}
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    return _judge(request, purpose, form, template, context, done)


def _judge(
    request: HttpRequest, purpose: ChallengePurpose, form: CodeForm, template: str, context: dict, done: Done
) -> HttpResponse:
    now = timezone.now()
    try:
        challenge = access.confirm_challenge(
            business=request.business,
            token=cookies.get_token(request, cookies.CONFIRMATION),
            typed=form.cleaned_data["code"],
            purpose=purpose,
            now=now,
        )
    except access.CodeRejected as rejected:
        return render(request, template, context | {"error": wrong_code_message(rejected.guesses_left)}, status=422)
    except access.ChallengeClosed:
        return render(request, template, {"state": "expired"}, status=409)
    except RateLimitExceeded as spent:
        return too_many_requests(request, spent.retry_at, for_address=True)
    response = done(request, challenge, now)
    cookies.clear_token(response, cookies.CONFIRMATION)
    return response


def _open_confirmation(request: HttpRequest, purpose: ChallengePurpose) -> Challenge | None:
    token = cookies.get_token(request, cookies.CONFIRMATION)
    challenge = access.find_challenge(token=token, purpose=purpose, now=timezone.now()) if token else None
    return challenge if challenge and challenge.client_id == request.client.pk else None


def _change(request: HttpRequest, challenge: Challenge, now: datetime) -> HttpResponse:
    access.change_contact(
        client=request.client,
        old=_replaced(request),
        new=Identifier(Contact.Kind(challenge.identifier_kind), challenge.address),
        source=Contact.Source.CLIENT,
        keep=request.client_session,
        now=now,
    )
    return redirect("profile:details")


def _mark_reauthenticated(request: HttpRequest, challenge: Challenge, now: datetime) -> HttpResponse:
    access.mark_reauthenticated(session=request.client_session, now=now)
    return redirect_with_query("profile:contact", request.GET)
