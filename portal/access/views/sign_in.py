"""How does a person ask for a code? The first step of signing in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from portal.access import attacks, cookies, services
from portal.access.budgets import BudgetSpent
from portal.access.forms import SignInForm
from portal.access.limits import limited, with_retry_after
from portal.access.views.code import open_challenge_of, step_after_code
from portal.access.views.requests import browser_of
from portal.ui.sections import sign_in_links


@require_http_methods(["GET", "HEAD", "POST"])
@limited("ask", "LOGIN_REQUESTS_PER_IP")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for an address, and answer alike whether or not we know it."""
    if request.method != "POST":
        return _show(request)
    form = SignInForm(request.POST, country=request.business.country)
    if not form.is_valid():
        return _page(request, form, status=422)
    return _ask(request, form)


def _show(request: HttpRequest) -> HttpResponse:
    """Show the form, or go on where this browser left off."""
    if request.client:
        return redirect("ui:home")
    if "again" not in request.GET and cookies.read(request, cookies.CHALLENGE):
        step = "access:code" if open_challenge_of(request) else step_after_code(request)
        if step:
            return redirect(step)
    return _page(request, SignInForm(country=request.business.country))


def _ask(request: HttpRequest, form: SignInForm) -> HttpResponse:
    now = timezone.now()
    asking = services.Asking(
        identifier=form.identity,
        browser_digest=browser_of(request).digest,
        language=translation.get_language() or "",
        ticket=request.POST.get("ticket", "")[:300],
    )
    try:
        _challenge, token = services.request_code(
            business=request.business, asking=asking, under_attack=request.resolved_host.is_under_attack(now), now=now
        )
    except BudgetSpent as spent:
        response = _page(request, form, status=429, limit_until=spent.retry_at)
        return with_retry_after(response, spent.retry_at)
    except attacks.StepRequired as step:
        return _wait(request, form, step)
    rotate_token(request)
    response = redirect("access:code")
    cookies.write(response, cookies.CHALLENGE, token, lifetime=settings.LOGIN_CHALLENGE_LIFETIME)
    return response


def _wait(request: HttpRequest, form: SignInForm, step: attacks.StepRequired) -> HttpResponse:
    """Let an unrecognised browser sit out a few seconds while the business is being guessed at."""
    ready_at = timezone.now() + settings.ATTACK_MODE_DELAY
    context = {
        "ticket": step.ticket,
        "identifier": form.data["identifier"],
        "ready_at": ready_at,
        "seconds": round(settings.ATTACK_MODE_DELAY.total_seconds()),
    }
    return with_retry_after(render(request, "portal/access/wait.html", context, status=429), ready_at)


def _page(request: HttpRequest, form: SignInForm, *, status: int = 200, **context) -> HttpResponse:
    context |= {"form": form, "sign_in_links": sign_in_links(profile=request.profile, now=timezone.now())}
    return render(request, "portal/access/sign_in.html", context, status=status)
