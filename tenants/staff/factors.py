"""Has this session shown a second factor, and where did it want to go before it was asked for one?"""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

SECOND = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
WANTED = "staff-wanted"


def was_shown(request: HttpRequest) -> bool:
    """Tell whether this session was opened, or later proven, with a passkey, an app or a recovery code."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def step(request: HttpRequest, *, wanted: str) -> HttpResponseRedirect | None:
    """Return where to go before anything else: to show the second factor, or to set one up. None: go ahead.

    Setting one up leads over several pages, so the session remembers meanwhile what was wanted.
    """
    if not settings.STAFF_MFA_REQUIRED or was_shown(request):
        return None
    has_one = Authenticator.objects.filter(user=request.user, type__in=SECOND).exists()
    if not has_one:
        request.session[WANTED] = wanted
    page = reverse("mfa_reauthenticate" if has_one else "mfa_index")
    return HttpResponseRedirect(f"{page}?{urlencode({'next': wanted})}")


def take_wanted(request: HttpRequest) -> str:
    """Return, once, the page that was wanted before a second factor was set up; an empty string for none, or none of ours."""
    wanted = request.session.pop(WANTED, "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else ""
