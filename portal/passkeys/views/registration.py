"""The page to add a passkey."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.access.models import ClientSession
from portal.access.reauthentication import is_recently_authenticated
from portal.access.request_types import ClientSessionRequest
from portal.access.views.browser_tokens import get_browser_tokens
from portal.clients.decorators import client_required
from portal.clients.request_types import VisitorRequest
from portal.passkeys import services
from portal.passkeys.forms import PasskeyResponseForm
from portal.ui.formatting import upcoming_datetime
from portal.ui.redirects import redirect_with_query
from tenants import database_clock


class OwnSessionRequest(ClientSessionRequest):
    """A request of a client who signed in themselves, a short while ago."""

    client_session: ClientSession


def own_recent_session_required(
    view: Callable[[OwnSessionRequest], HttpResponse],
) -> Callable[[VisitorRequest], HttpResponse]:
    """Open the view to clients who authenticated recently: a passkey outlives the session that adds it.

    Staff who view the portal as a client get an explanation.
    """

    @client_required
    @wraps(view)
    def wrapper(request: ClientSessionRequest) -> HttpResponse:
        if request.impersonation:
            status = 403 if request.method == "POST" else 200
            return render(request, "portal/passkeys/clients_only.html", status=status)
        if not is_recently_authenticated(request):
            return redirect_with_query("account:reauthentication", {"next": request.path})
        return view(cast(OwnSessionRequest, request))

    return wrapper


@require_http_methods(["GET", "HEAD", "POST"])
@own_recent_session_required
def add_passkey(request: OwnSessionRequest) -> HttpResponse:
    """Explain what a passkey is and offer to make one; on POST add the one that the browser made."""
    if request.method != "POST":
        return _offer_passkey(request)
    form = PasskeyResponseForm(request.POST)
    if not form.is_valid():
        return _render_new_passkey_page(request, is_not_added=True, status=422)
    try:
        services.add_passkey(
            business=request.business,
            session=request.client_session,
            relying_party=services.get_relying_party(request.resolved_host),
            device=get_browser_tokens(request).device,
            now=database_clock.now(),
            **form.cleaned_data,
        )
    except services.PasskeyNotAdded:
        return _render_new_passkey_page(request, is_not_added=True, status=422)
    except services.TooManyPasskeys as error:
        return _render_new_passkey_page(request, limit=explain_limit(error), status=409)
    return redirect("access:sessions")


@require_POST
@own_recent_session_required
def begin_registration(request: OwnSessionRequest) -> HttpResponse:
    """Answer with what the browser needs to make a passkey, or with a sentence that says why there can be none now."""
    try:
        options = services.begin_registration(
            business=request.business,
            session=request.client_session,
            relying_party=services.get_relying_party(request.resolved_host),
            now=database_clock.now(),
        )
    except services.TooManyPasskeys as error:
        return JsonResponse({"detail": explain_limit(error)}, status=409)
    return JsonResponse(options)


def explain_limit(error: services.TooManyPasskeys) -> str:
    """Return in one or two sentences why a client can't add a passkey now, and what to do or when it works again."""
    if error.again_at is None:
        text = _("You have %(maximum)s passkeys, which is the most. Remove one before you add another.")
        return text % {"maximum": services.MAX_PASSKEYS}
    text = _("You have added %(maximum)s passkeys within a day, which is the most. You can add another one %(when)s.")
    return text % {"maximum": services.MAX_ADDED_PER_DAY, "when": upcoming_datetime(error.again_at)}


def _offer_passkey(request: OwnSessionRequest) -> HttpResponse:
    try:
        services.check_may_add_passkey(request.client, now=database_clock.now())
    except services.TooManyPasskeys as error:
        return _render_new_passkey_page(request, limit=explain_limit(error))
    return _render_new_passkey_page(request)


def _render_new_passkey_page(
    request: OwnSessionRequest, *, limit: str = "", is_not_added: bool = False, status: int = 200
) -> HttpResponse:
    context = {"limit": limit, "is_not_added": is_not_added}
    return render(request, "portal/passkeys/new.html", context, status=status)
