"""Remembers in a signed cookie which people have signed in with a browser. The cookie grants no access."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from tenants.keyed_digests import compute_keyed_digest
from tenants.models import Person

COOKIE = f"{settings.COOKIE_PREFIX}known"
SALT = "portico.staff-browser"
# How many people one browser remembers, the newest first.
MAX_PEOPLE = 5
MAX_COOKIE_LENGTH = 1_000


def is_known_browser(request: HttpRequest, person: Person) -> bool:
    """Return whether the person has signed in with this browser within RECOGNISED_BROWSER_LIFETIME."""
    return not set(_digest_person(person)).isdisjoint(_read_known_people(request))


def remember_browser(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Set the cookie that says this person has signed in with this browser."""
    own = _digest_person(person)
    others = [digest for digest in _read_known_people(request) if digest not in own]
    value = signing.dumps([own[0], *others][:MAX_PEOPLE], salt=SALT)
    lifetime: timedelta = settings.RECOGNISED_BROWSER_LIFETIME
    response.set_cookie(COOKIE, value, max_age=lifetime, secure=settings.HTTPS, httponly=True, samesite="Lax")


def _read_known_people(request: HttpRequest) -> list[str]:
    value = request.COOKIES.get(COOKIE, "")
    try:
        return signing.loads(value[:MAX_COOKIE_LENGTH], salt=SALT, max_age=settings.RECOGNISED_BROWSER_LIFETIME)
    except signing.BadSignature:
        return []


def _digest_person(person: Person) -> list[str]:
    """Return keyed hashes of the person, under the newest key first, so that the cookie names nobody."""
    return [digest.hex()[:32] for digest in compute_keyed_digest(SALT, person.pk.hex)]
