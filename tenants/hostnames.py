"""Resolves hosts to businesses, builds portal URLs, and validates and changes slugs."""

import re
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from cachetools import TTLCache
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from tenants.business_cache import get_cached_business
from tenants.business_locks import lock_business
from tenants.context import use_public
from tenants.models import Business, BusinessStatus, Platform, PortalHostname
from tenants.reserved_slugs import RESERVED_SLUGS
from tenants.slug_limits import find_new_slug_refusal

SLUG_PATTERN = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]")
HOST_PATTERN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


class SlugRejected(ValueError):
    """The slug is invalid, reserved or taken; the message says why, in a sentence for the user."""


@dataclass(frozen=True)
class ResolvedHost:
    """The result of resolving a host: the business, and the current host of its portal."""

    business: Business
    portal_host: str
    is_former: bool
    platform_attack_until: datetime | None

    def is_under_attack(self, now: datetime) -> bool:
        """Return whether the business or the whole platform is in attack mode."""
        return any(until and until > now for until in (self.business.attack_until, self.platform_attack_until))


# Two caches, so that made-up hosts can't evict real ones.
known_hosts: TTLCache[str, ResolvedHost] = TTLCache(settings.HOST_CACHE_SIZE, settings.HOST_CACHE_SECONDS)
unknown_hosts: TTLCache[str, bool] = TTLCache(settings.HOST_CACHE_SIZE, settings.HOST_CACHE_SECONDS)
_lock = Lock()


def resolve_host(host: str) -> ResolvedHost | None:
    """Resolve a host (lower case, without port), or return None; cached for HOST_CACHE_SECONDS."""
    with _lock:
        if resolved_host := known_hosts.get(host):
            return resolved_host
        if host in unknown_hosts:
            return None
    with use_public():
        resolved_host = _query_host(host)
    with _lock:
        if resolved_host:
            known_hosts[host] = resolved_host
        else:
            unknown_hosts[host] = True
    return resolved_host


def invalidate_host_cache() -> None:
    """Clear this process's caches; those of other processes expire within HOST_CACHE_SECONDS."""
    with _lock:
        known_hosts.clear()
        unknown_hosts.clear()
    get_cached_business.cache_clear()


def get_portal_host(business: Business) -> str:
    """Return the current host of a business's portal."""
    return build_portal_host(get_current_slug(business))


def list_portal_hosts(business: Business) -> list[str]:
    """Return all hosts at which a business's portal is now: that of its slug, and its custom domains."""
    is_served = Q(slug__isnull=False) | Q(verified_at__isnull=False)
    hostnames = PortalHostname.objects.filter(is_served, business=business, is_current=True)
    return [hostname.domain or build_portal_host(str(hostname.slug)) for hostname in hostnames]


def get_current_slug(business: Business) -> str:
    """Return the current slug of a business."""
    return str(PortalHostname.objects.get(business=business, is_current=True, slug__isnull=False))


def build_portal_url(business: Business, path: str = "/") -> str:
    """Return the URL of a page of a business's portal, built from stored data and never from a request."""
    return build_absolute_url(get_portal_host(business), path)


def build_absolute_url(host: str, path: str = "/") -> str:
    """Return the URL of a page at one of our hosts, with the public scheme and port."""
    return f"{'https' if settings.HTTPS else 'http'}://{host}{settings.PUBLIC_PORT}{path}"


def validate_slug(slug: str) -> str:
    """Return the slug if it is well formed and not reserved. Raises SlugRejected."""
    if not SLUG_PATTERN.fullmatch(slug):
        raise SlugRejected(
            _("Use 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.")
        )
    if slug.startswith("xn--") or slug[2:4] == "--":
        raise SlugRejected(_("The third and fourth characters of an address can’t both be hyphens."))
    if slug in RESERVED_SLUGS:
        raise SlugRejected(_("This address is reserved. Please choose another one."))
    return slug


def validate_slug_available(*, business: Business, slug: str, now: datetime) -> str:
    """Return the slug if the business could change to it now. Raises SlugRejected."""
    validate_slug(slug)
    owners = PortalHostname.objects.filter(slug=slug).values_list("business", flat=True)
    if any(owner != business.pk for owner in owners):
        raise SlugRejected(_("This address is taken. Please choose another one."))
    if not owners and (refusal := find_new_slug_refusal(business, now=now)):
        raise SlugRejected(refusal)
    return slug


def list_former_slugs(business: Business) -> list[str]:
    """Return the slugs that redirect to the current one, the last used first; the business may return to each."""
    former = PortalHostname.objects.filter(business=business, is_current=False, slug__isnull=False)
    return [str(hostname) for hostname in former.order_by("-retired_at", "slug")]


def lock_current_hostname(business: Business) -> PortalHostname:
    """Return the hostname with the current slug; nobody else changes the slug until the transaction ends."""
    lock_business(business)
    return business.hostnames.get(is_current=True, slug__isnull=False)


@transaction.atomic
def change_slug(
    *, business: Business, slug: str, locked_hostname: PortalHostname | None = None, now: datetime
) -> PortalHostname:
    """Change a portal's slug; the old one redirects for good. Raises SlugRejected, also at the limit of slugs.

    `locked_hostname` is what `lock_current_hostname` returned if the caller has called it in this transaction.
    """
    validate_slug(slug)
    current = locked_hostname or lock_current_hostname(business)
    if current.slug == slug:
        return current
    PortalHostname.objects.filter(pk=current.pk).update(is_current=False, retired_at=now)
    transaction.on_commit(invalidate_host_cache)
    return _reserve_slug(business, slug, now=now)


def _reserve_slug(business: Business, slug: str, *, now: datetime) -> PortalHostname:
    """Give a business a slug that it had before or that no business ever had."""
    if business.hostnames.filter(slug=slug).update(is_current=True, retired_at=None):
        return business.hostnames.get(slug=slug)
    if refusal := find_new_slug_refusal(business, now=now):
        raise SlugRejected(refusal)
    try:
        with transaction.atomic():
            return business.hostnames.create(slug=slug, created_at=now)
    except IntegrityError as error:
        raise SlugRejected(_("This address is taken. Please choose another one.")) from error


def _query_host(host: str) -> ResolvedHost | None:
    if not HOST_PATTERN.fullmatch(host):
        return None
    slug, _dot, domain = host.partition(".")
    lookup = {"slug": slug} if domain == settings.PORTAL_DOMAIN else {"domain": host, "verified_at__isnull": False}
    current = PortalHostname.objects.filter(business=OuterRef("business"), is_current=True, slug__isnull=False)
    hostname = (
        PortalHostname.objects.select_related("business")
        .exclude(business__status=BusinessStatus.CLOSED)
        .annotate(
            current_slug=Subquery(current.values("slug")),
            platform_attack_until=Subquery(Platform.objects.values("attack_until")),
        )
        .filter(**lookup)
        .first()
    )
    if hostname is None or hostname.current_slug is None:
        return None
    return ResolvedHost(
        business=hostname.business,
        portal_host=build_portal_host(hostname.current_slug) if hostname.slug or not hostname.is_current else host,
        is_former=not hostname.is_current,
        platform_attack_until=hostname.platform_attack_until,
    )


def build_portal_host(slug: str) -> str:
    """Return the host of the portal with this slug."""
    return f"{slug}.{settings.PORTAL_DOMAIN}"
