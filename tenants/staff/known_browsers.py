"""Remembers in a signed cookie which people have signed in with a browser. The cookie grants no access."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from tenants.keyed_digests import compute_keyed_digest
from tenants.models import Person

COOKIE = f"{settings.COOKIE_PREFIX}known"
SALT = "tenants.staff.known_browsers"
# How many people one browser remembers, the newest first.
MAX_PEOPLE = 5
MAX_COOKIE_LENGTH = 1_000


def is_known_browser(request: HttpRequest, person: Person, *, now: datetime) -> bool:
    """Return whether the person has signed in with this browser within RECOGNISED_BROWSER_LIFETIME."""
    known = _read_known_people(request)
    earliest = (now - settings.RECOGNISED_BROWSER_LIFETIME).timestamp()
    return any(known.get(digest, 0) > earliest for digest in _digest_person(person))


def remember_browser(request: HttpRequest, response: HttpResponse, person: Person, *, now: datetime) -> None:
    """Set the cookie that says this person has signed in with this browser now."""
    own = _digest_person(person)
    others = [(digest, at) for digest, at in _read_known_people(request).items() if digest not in own]
    # The time is among what is signed: a signature's own time would be that of this machine.
    people = dict([(own[0], int(now.timestamp())), *others][:MAX_PEOPLE])
    value = signing.Signer(salt=SALT).sign_object(people)
    lifetime: timedelta = settings.RECOGNISED_BROWSER_LIFETIME
    response.set_cookie(COOKIE, value, max_age=lifetime, secure=settings.HTTPS, httponly=True, samesite="Lax")


def _read_known_people(request: HttpRequest) -> dict[str, int]:
    """Return when which people signed in with this browser, in seconds of Unix time."""
    value = request.COOKIES.get(COOKIE, "")
    try:
        people = signing.Signer(salt=SALT).unsign_object(value[:MAX_COOKIE_LENGTH])
    except (signing.BadSignature, ValueError):
        return {}
    # What is signed was written by another release, maybe, and a cookie grants no access: other forms name nobody.
    return people if _is_dict_of_times(people) else {}


def _is_dict_of_times(people: object) -> bool:
    return isinstance(people, dict) and all(isinstance(at, int) for at in people.values())


def _digest_person(person: Person) -> list[str]:
    """Return keyed hashes of the person, under the newest key first, so that the cookie names nobody."""
    return [digest.hex()[:32] for digest in compute_keyed_digest(SALT, person.pk.hex)]
