"""Whose message is this, and where does their portal live? For workers, who hold a business's key and nothing else."""

from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from cachetools import TTLCache, cached
from django.conf import settings
from django.db.models import F, QuerySet

from tenants.models import Business
from tenants.prepared import question


@dataclass(frozen=True, slots=True)
class Home:
    """A business and the slug its portal lives at."""

    business: Business
    slug: str


@cached(TTLCache(settings.HOST_CACHE_SIZE, settings.HOST_CACHE_SECONDS), lock=Lock())
def home_of(business_id: UUID) -> Home:
    """Return where a business is at home, as it was at most HOST_CACHE_SECONDS ago, like all a portal's hosts."""
    [business] = _with_slug(business_id=business_id)
    return Home(business, business.slug)


@question
def _with_slug(business_id: UUID) -> QuerySet[Business]:
    at_home = Business.objects.filter(addresses__is_current=True, addresses__slug__isnull=False)
    return at_home.filter(pk=business_id).annotate(slug=F("addresses__slug"))
