"""Requires a second factor of staff sessions, and remembers the page that was requested before."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

SECOND_FACTOR_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
NEXT_URL_KEY = "staff-next-url"


def has_passed_mfa(person_id: UUID | None, records: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether a session's authentication records name a second factor that the person still has.

    Recovery codes count as one factor however often new ones are made.
    """
    passed = [record for record in records if record.get("method") == "mfa"]
    used_recovery_code = any(record.get("type") == Authenticator.Type.RECOVERY_CODES for record in passed)
    same_factor = Q(pk__in=[record.get("id") for record in passed])
    factors = same_factor | Q(type=Authenticator.Type.RECOVERY_CODES) if used_recovery_code else same_factor
    return bool(passed) and Authenticator.objects.filter(factors, user=person_id).exists()


def require_verification(request: HttpRequest, *, next_url: str) -> HttpResponseRedirect | None:
    """Return a redirect to verify a second factor or set one up; None where that is not needed.

    Setting one up takes several pages, so the session keeps the requested URL meanwhile.
    """
    records = get_authentication_records(request, request.user)
    if not settings.STAFF_MFA_REQUIRED or has_passed_mfa(request.user.pk, records):
        return None
    has_one = Authenticator.objects.filter(user=request.user, type__in=SECOND_FACTOR_TYPES).exists()
    if not has_one:
        request.session[NEXT_URL_KEY] = next_url
    page = reverse("mfa_reauthenticate" if has_one else "mfa_index")
    return HttpResponseRedirect(f"{page}?{urlencode({'next': next_url})}")


def pop_next_url(request: HttpRequest) -> str:
    """Return and forget the URL requested before a second factor was set up; empty if there is none, or not ours."""
    next_url = request.session.pop(NEXT_URL_KEY, "")
    is_ours = next_url.startswith("/") and url_has_allowed_host_and_scheme(next_url, allowed_hosts=None)
    return next_url if is_ours else ""
