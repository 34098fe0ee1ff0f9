"""Reading a business's portal settings, fresh or cached."""

from typing import cast

from django.conf import settings
from django.core.cache import cache
from django.db.models import Func, QuerySet, TextField

from portal.branding.models import PortalSettings
from tenants.compiled_queries import compiled_query
from tenants.models import Business

# Countries where a text costs no more than a few cents; a business may choose others.
DEFAULT_SMS_COUNTRIES = [
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


def get_portal_settings() -> PortalSettings:
    """Return the current business's settings."""
    return _query_portal_settings()[0]


@compiled_query
def _query_portal_settings() -> QuerySet[PortalSettings]:
    return PortalSettings.objects.all()


def get_cached_portal_settings(business: Business) -> PortalSettings:
    """Return the current business's settings, at most HOST_CACHE_SECONDS old."""
    return cast(
        PortalSettings,
        cache.get_or_set(f"portal-settings/{business.pk}", get_portal_settings, settings.HOST_CACHE_SECONDS),
    )


def get_portal_settings_with_advisory_lock(key: int) -> PortalSettings:
    """Return the settings and take the advisory lock `key` until the transaction ends, in one statement."""
    [portal_settings] = _query_with_advisory_lock(key=key)
    return portal_settings


@compiled_query
def _query_with_advisory_lock(key: int) -> QuerySet[PortalSettings]:
    return PortalSettings.objects.annotate(lock=Func(key, function="pg_advisory_xact_lock", output_field=TextField()))


def get_languages_cached(business: Business) -> list[str]:
    """Return the language codes a portal is offered in, at most HOST_CACHE_SECONDS old.

    Every request needs them, also those that need no other setting: the cache saves them a statement.
    """
    load_languages = PortalSettings.objects.values_list("languages", flat=True).get
    return cache.get_or_set(f"languages/{business.pk}", load_languages, settings.HOST_CACHE_SECONDS) or []


def list_sms_countries(portal_settings: PortalSettings) -> list[str]:
    """Return the country codes that sign-in codes may be texted to."""
    return portal_settings.sms_countries or DEFAULT_SMS_COUNTRIES
