"""What follows from adding a second factor? Whoever just did so has shown it as well."""

from collections.abc import Callable

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import add_webauthn
from django.http import HttpRequest, HttpResponse

from tenants.staff.mfa import SECOND_FACTOR_TYPES

View = Callable[[HttpRequest], HttpResponse]


def add_authenticator_app(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app."""
    return _record_new_factors(activate_totp, request)


def add_passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey."""
    return _record_new_factors(add_webauthn, request)


def _record_new_factors(view: View, request: HttpRequest) -> HttpResponse:
    """Let allauth add a factor and note in the session that it was shown; else its owner would be asked at once."""
    before = _factors(request)
    response = view(request)
    for key, kind in _factors(request) - before:
        record_authentication(request, request.user, "mfa", id=key, type=kind, reauthenticated=True)
    return response


def _factors(request: HttpRequest) -> set[tuple[int, str]]:
    if request.method != "POST" or not request.user.is_authenticated:
        return set()
    return set(Authenticator.objects.filter(user=request.user, type__in=SECOND_FACTOR_TYPES).values_list("pk", "type"))
