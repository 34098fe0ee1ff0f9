"""A cache from a business's key to the business and its slug, for workers."""

from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from cachetools import TTLCache, cached
from django.conf import settings
from django.db.models import F, QuerySet

from tenants.compiled_queries import compiled_query
from tenants.models import Business


@dataclass(frozen=True, slots=True)
class CachedBusiness:
    """A business and the current slug of its portal."""

    business: Business
    slug: str


@cached(TTLCache(settings.HOST_CACHE_SIZE, settings.HOST_CACHE_SECONDS), lock=Lock())
def get_cached_business(business_id: UUID) -> CachedBusiness:
    """Return a business and its slug, at most HOST_CACHE_SECONDS old, as resolved hosts are."""
    [business] = _query_business_with_slug(business_id=business_id)
    return CachedBusiness(business, business.slug)


@compiled_query
def _query_business_with_slug(business_id: UUID) -> QuerySet[Business]:
    businesses = Business.objects.filter(hostnames__is_current=True, hostnames__slug__isnull=False)
    return businesses.filter(pk=business_id).annotate(slug=F("hostnames__slug"))
