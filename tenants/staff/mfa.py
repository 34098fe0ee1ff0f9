"""Has this session shown a second factor, and where did it want to go before it was asked for one?"""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

SECOND_FACTOR_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
NEXT_URL_KEY = "staff-wanted"


def is_verified(request: HttpRequest) -> bool:
    """Tell whether this session was opened, or later proven, with a passkey, an app or a recovery code."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def require_verification(request: HttpRequest, *, next_url: str) -> HttpResponseRedirect | None:
    """Return where to go before anything else: to show the second factor, or to set one up. None: go ahead.

    Setting one up leads over several pages, so the session remembers meanwhile what was wanted.
    """
    if not settings.STAFF_MFA_REQUIRED or is_verified(request):
        return None
    has_one = Authenticator.objects.filter(user=request.user, type__in=SECOND_FACTOR_TYPES).exists()
    if not has_one:
        request.session[NEXT_URL_KEY] = next_url
    page = reverse("mfa_reauthenticate" if has_one else "mfa_index")
    return HttpResponseRedirect(f"{page}?{urlencode({'next': next_url})}")


def pop_next_url(request: HttpRequest) -> str:
    """Return, once, the page that was wanted before a second factor was set up; an empty string for none, or none of ours."""
    next_url = request.session.pop(NEXT_URL_KEY, "")
    is_ours = next_url.startswith("/") and url_has_allowed_host_and_scheme(next_url, allowed_hosts=None)
    return next_url if is_ours else ""
