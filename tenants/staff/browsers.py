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
MOST_PEOPLE = 5
LONGEST = 1_000


def knows(request: HttpRequest, person: Person) -> bool:
    """Tell whether this person signed in with this browser within BROWSER_LIFETIME."""
    return any(constant_time_compare(mark, _mark(person)) for mark in _marks(request))


def remember(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Have the browser say from now on that this person signed in with it."""
    others = [mark for mark in _marks(request) if mark != _mark(person)]
    value = signing.dumps([_mark(person), *others][:MOST_PEOPLE], salt=SALT)
    lifetime: timedelta = settings.BROWSER_LIFETIME
    response.set_cookie(COOKIE, value, max_age=lifetime, secure=settings.HTTPS, httponly=True, samesite="Lax")


def _marks(request: HttpRequest) -> list[str]:
    value = request.COOKIES.get(COOKIE, "")
    try:
        return signing.loads(value[:LONGEST], salt=SALT, max_age=settings.BROWSER_LIFETIME)
    except signing.BadSignature:
        return []


def _mark(person: Person) -> str:
    """Return what stands for a person in the cookie, so that it names nobody."""
    return salted_hmac(SALT, person.pk.hex, algorithm="sha256").hexdigest()[:32]
