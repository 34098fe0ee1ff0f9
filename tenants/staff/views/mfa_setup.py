"""allauth's set-up pages for second factors; setting one up also verifies the session."""

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
    return _run_and_record_factors(activate_totp, request)


def add_passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey."""
    return _run_and_record_factors(add_webauthn, request)


def _run_and_record_factors(view: View, request: HttpRequest) -> HttpResponse:
    """Run allauth's view and record any new factor as verified; otherwise it would be requested at once."""
    before = _list_second_factors(request)
    response = view(request)
    for key, kind in _list_second_factors(request) - before:
        record_authentication(request, request.user, "mfa", id=key, type=kind, reauthenticated=True)
    return response


def _list_second_factors(request: HttpRequest) -> set[tuple[int, str]]:
    if request.method != "POST" or not request.user.is_authenticated:
        return set()
    return set(Authenticator.objects.filter(user=request.user, type__in=SECOND_FACTOR_TYPES).values_list("pk", "type"))
