"""How does a person type the code, and ask for another? The second step of signing in."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.access import cookies, services
from portal.access.budgets import BudgetSpent
from portal.access.forms import CodeForm
from portal.access.limits import limited, too_many, with_retry_after
from portal.access.models import Challenge, Purpose
from portal.access.services import SignIn
from portal.access.standing import standing_of
from portal.access.views.requests import browser_of, wrong_code
from portal.ui.sections import sign_in_links
from tenants.models import Channel


@require_http_methods(["GET", "HEAD", "POST"])
@limited("guess", "LOGIN_GUESSES_PER_IP")
def code(request: HttpRequest) -> HttpResponse:
    """Take the code and sign its owner in; what was typed wrong is said, never why."""
    if request.method != "POST":
        return _show(request, CodeForm())
    form = CodeForm(request.POST)
    return _answer(request, form) if form.is_valid() else _show(request, form, status=422)


@require_POST
@limited("ask", "LOGIN_REQUESTS_PER_IP")
def resend(request: HttpRequest) -> HttpResponse:
    """Send another code, by the same channel or the one that was asked for."""
    channel = request.POST.get("channel") or None
    if channel not in (None, *Channel.values):
        return render(request, "errors/400.html", {"reason": _("Choose email or text message.")}, status=400)
    try:
        services.resend_code(
            business=request.business,
            token=cookies.read(request, cookies.CHALLENGE),
            channel=Channel(channel) if channel else None,
            browser_digest=browser_of(request).digest,
            language=translation.get_language() or "",
            now=timezone.now(),
        )
    except Challenge.DoesNotExist:
        return _closed(request)
    except services.ResendRefused as refused:
        return _not_yet(request, refused.retry_at)
    except BudgetSpent as spent:
        return _not_yet(request, spent.retry_at)
    return redirect("access:code")


@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Let the people who share an address say which of them is here."""
    token, now = cookies.read(request, cookies.CHALLENGE), timezone.now()
    try:
        if request.method == "POST":
            return _choose(request, token, now=now)
        return _choices(request, token, keep="keep" in request.GET, now=now)
    except services.ChallengeClosed:
        return _closed(request)


def open_challenge_of(request: HttpRequest) -> Challenge | None:
    """Return the challenge this browser has under way, whether or not it may still be answered."""
    token = cookies.read(request, cookies.CHALLENGE)
    return services.find_challenge(token=token, purpose=Purpose.SIGN_IN, now=timezone.now()) if token else None


def step_after_code(request: HttpRequest) -> str | None:
    """Name the page where a browser goes on whose code was right: home, or the choice of a person."""
    if request.client:
        return "ui:home"
    token = cookies.read(request, cookies.CHALLENGE)
    try:
        services.undecided(token=token, now=timezone.now())
    except services.ChallengeClosed:
        return None
    return "access:who"


def signed_in(request: HttpRequest, sign_in: SignIn) -> HttpResponse:
    """Send a client to their portal with a new session, and with every older token replaced."""
    rotate_token(request)
    response = redirect("ui:home")
    kept = settings.REMEMBER_ME_LIFETIME if sign_in.session.is_kept else None
    cookies.write(response, cookies.SESSION, sign_in.token, lifetime=kept)
    cookies.write(response, cookies.BROWSER, sign_in.browser_token, lifetime=settings.RECOGNISED_BROWSER_LIFETIME)
    cookies.clear(response, cookies.CHALLENGE)
    return response


def _show(request: HttpRequest, form: CodeForm, **context) -> HttpResponse:
    """Show the page of the challenge under way, go on where it was answered, or say that there is none."""
    challenge = open_challenge_of(request)
    if challenge:
        return _page(request, challenge, form, **context)
    if request.method != "POST" and (step := step_after_code(request)):
        return redirect(step)
    return _closed(request)


def _answer(request: HttpRequest, form: CodeForm) -> HttpResponse:
    browser = browser_of(request)
    try:
        proof = services.answer(
            business=request.business,
            token=cookies.read(request, cookies.CHALLENGE),
            typed=form.cleaned_data["code"],
            browser=browser,
            is_kept=form.cleaned_data["keep"],
            now=timezone.now(),
        )
    except services.CodeRejected as rejected:
        # An empty field is typed into at once; wrong digits would have to be deleted first.
        afresh = CodeForm(initial={"keep": form.cleaned_data["keep"]})
        return _show(request, afresh, status=422, error=wrong_code(rejected.guesses_left))
    except services.ChallengeClosed:
        return _show(request, CodeForm(), status=409)
    except BudgetSpent as spent:
        return too_many(request, spent.retry_at, of_address=True)
    if proof.sign_in is None:
        return redirect(reverse("access:who") + ("?keep=on" if form.cleaned_data["keep"] else ""))
    return signed_in(request, proof.sign_in)


def _choices(
    request: HttpRequest, token: str, *, keep: bool, now: datetime, error: str = "", status: int = 200
) -> HttpResponse:
    challenge, generation = services.undecided(token=token, now=now)
    people = services.candidates(challenge, generation, browser_digest=b"")
    context = {"people": [(str(one.pk), one.name) for one in people], "keep": keep, "error": error}
    return render(request, "portal/access/who.html", context, status=status)


def _choose(request: HttpRequest, token: str, *, now: datetime) -> HttpResponse:
    browser, keep = browser_of(request), bool(request.POST.get("keep"))
    try:
        sign_in = services.choose(
            token=token, client_id=request.POST.get("client", ""), browser=browser, is_kept=keep, now=now
        )
    except services.NoSuchChoice:
        error = _("Choose one of the names on the list.")
        return _choices(request, token, keep=keep, now=now, error=error, status=422)
    return signed_in(request, sign_in)


def _not_yet(request: HttpRequest, retry_at: datetime | None) -> HttpResponse:
    challenge = open_challenge_of(request)
    if challenge is None:
        return _closed(request)
    if retry_at is None:
        error = _("We have sent all the codes this sign-in allows. Start again for a new one.")
        return _page(request, challenge, CodeForm(), status=409, error=error)
    error = _("Another code can't be sent yet. The one you have still works.")
    return with_retry_after(_page(request, challenge, CodeForm(), status=429, error=error), retry_at)


def _closed(request: HttpRequest) -> HttpResponse:
    """There is nothing to answer here: say so, and offer to start again."""
    status = 200 if request.method in ("GET", "HEAD") else 409
    context = {"state": "expired", "sign_in_links": sign_in_links(profile=request.profile, now=timezone.now())}
    return render(request, "portal/access/code.html", context, status=status)


def _page(request: HttpRequest, challenge: Challenge, form: CodeForm, *, status: int = 200, **context) -> HttpResponse:
    standing = standing_of(challenge, profile=request.profile)
    context |= {
        "form": form,
        "challenge": standing,
        "state": "open" if standing.guesses_left else "locked",
        "sign_in_links": sign_in_links(profile=request.profile, now=timezone.now()),
    }
    return render(request, "portal/access/code.html", context, status=status)
