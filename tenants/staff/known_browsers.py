"""Has this person signed in with this browser before? A signed cookie says so; it opens nothing."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from tenants.models import Person

COOKIE = f"{settings.COOKIE_PREFIX}known"
SALT = "portico.staff-browser"
# People who share a browser and are remembered in it, the newest first.
MAX_PEOPLE = 5
MAX_COOKIE_LENGTH = 1_000


def is_known(request: HttpRequest, person: Person) -> bool:
    """Tell whether this person signed in with this browser within RECOGNISED_BROWSER_LIFETIME."""
    return any(constant_time_compare(digest, _person_digest(person)) for digest in _remembered_digests(request))


def remember(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Have the browser say from now on that this person signed in with it."""
    others = [digest for digest in _remembered_digests(request) if digest != _person_digest(person)]
    value = signing.dumps([_person_digest(person), *others][:MAX_PEOPLE], salt=SALT)
    lifetime: timedelta = settings.RECOGNISED_BROWSER_LIFETIME
    response.set_cookie(COOKIE, value, max_age=lifetime, secure=settings.HTTPS, httponly=True, samesite="Lax")


def _remembered_digests(request: HttpRequest) -> list[str]:
    value = request.COOKIES.get(COOKIE, "")
    try:
        return signing.loads(value[:MAX_COOKIE_LENGTH], salt=SALT, max_age=settings.RECOGNISED_BROWSER_LIFETIME)
    except signing.BadSignature:
        return []


def _person_digest(person: Person) -> str:
    """Return what stands for a person in the cookie, so that it names nobody."""
    return salted_hmac(SALT, person.pk.hex, algorithm="sha256").hexdigest()[:32]
