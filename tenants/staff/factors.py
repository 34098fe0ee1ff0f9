"""Has this session shown a second factor?"""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

SECOND = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def was_shown(request: HttpRequest) -> bool:
    """Tell whether this session was opened, or later proven, with a passkey, an app or a recovery code."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def step(request: HttpRequest, *, wanted: str | None) -> HttpResponseRedirect | None:
    """Return where to go before anything else: to show the second factor, or to set one up. None: go ahead."""
    if not settings.STAFF_MFA_REQUIRED or was_shown(request):
        return None
    has_one = Authenticator.objects.filter(user=request.user, type__in=SECOND).exists()
    page = reverse("mfa_reauthenticate" if has_one else "mfa_index")
    return HttpResponseRedirect(f"{page}?{urlencode({'next': wanted or ''})}")
