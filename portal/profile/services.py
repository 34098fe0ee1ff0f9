"""What did the business decide about its portal?"""

from typing import cast

from django.conf import settings
from django.core.cache import cache
from django.db.models import Func, QuerySet, TextField

from portal.profile.models import Profile
from tenants.compiled_queries import compiled_query
from tenants.models import Business

# Where a text costs no more than a few cents; a business narrows or widens it.
TEXTABLE = [
    "AT",
    "BE",
    "BG",
    "CH",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GB",
    "GG",
    "GR",
    "HR",
    "HU",
    "IE",
    "IM",
    "IS",
    "IT",
    "JE",
    "LI",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "NO",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
    "US",
    "CA",
    "AU",
    "NZ",
]


def current() -> Profile:
    """Return the business's choices."""
    return _current()[0]


@compiled_query
def _current() -> QuerySet[Profile]:
    return Profile.objects.all()


def remembered(business: Business) -> Profile:
    """Return the choices of the business whose schema we are in as they were at most HOST_CACHE_SECONDS ago."""
    return cast(Profile, cache.get_or_set(f"profile/{business.pk}", current, settings.HOST_CACHE_SECONDS))


def current_locking(key: int) -> Profile:
    """Return the business's choices and hold the advisory lock `key` until the transaction ends, in one statement."""
    [profile] = _locking(key=key)
    return profile


@compiled_query
def _locking(key: int) -> QuerySet[Profile]:
    return Profile.objects.annotate(lock=Func(key, function="pg_advisory_xact_lock", output_field=TextField()))


def languages(business: Business) -> list[str]:
    """Return the languages a portal speaks; a change shows within HOST_CACHE_SECONDS.

    Every request asks, also those that show no page and need no other choice of the
    business: answered from this process, it saves them a statement.
    """
    ask = Profile.objects.values_list("languages", flat=True).get
    return cache.get_or_set(f"languages/{business.pk}", ask, settings.HOST_CACHE_SECONDS) or []


def sms_countries(profile: Profile) -> list[str]:
    """Return the countries a code may be texted to."""
    return profile.sms_countries or TEXTABLE
