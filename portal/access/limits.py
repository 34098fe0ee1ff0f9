"""Has one network asked too much? Flood limits, kept in Redis and, while it is away, in this process."""

import ipaddress
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from portal.ui.pages import View

log = structlog.get_logger(__name__)

_fallback = MovingWindowRateLimiter(MemoryStorage())
_shared: MovingWindowRateLimiter | None = None


def client_network(request: HttpRequest) -> str:
    """Return the network a request comes from: an IPv4 address, or the /64 that one IPv6 subscriber owns.

    X-Forwarded-For counts only as far as TRUSTED_PROXY_COUNT says: its last hops are
    ours, anything before them is whatever the caller wrote.
    """
    address = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if settings.TRUSTED_PROXY_COUNT and len(hops) >= settings.TRUSTED_PROXY_COUNT:
        address = hops[-settings.TRUSTED_PROXY_COUNT]
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network((ip, 64), strict=False))


def limited(what: str, setting: str) -> Callable[[View], View]:
    """Refuse a page's POSTs with 429 once one network has sent its share of them to this business."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            limit = parse(getattr(settings, setting))
            if request.method == "POST" and not _hit(limit, what, request):
                return too_many(request, timezone.now() + timedelta(seconds=limit.get_expiry()))
            return view(request, *args, **kwargs)

        return guarded

    return guard


def too_many(request: HttpRequest, retry_at: datetime, *, of_address: bool = False) -> HttpResponse:
    """Answer 429 with whose share is spent, the network's or the address's, and when there is room again."""
    context = {"retry_at": retry_at, "of_address": of_address}
    return with_retry_after(render(request, "errors/429.html", context, status=429), retry_at)


def with_retry_after(response: HttpResponse, retry_at: datetime) -> HttpResponse:
    """Tell machines as well when to come back."""
    response["Retry-After"] = str(max(1, round((retry_at - timezone.now()).total_seconds())))
    return response


def _hit(limit: RateLimitItem, what: str, request: HttpRequest) -> bool:
    key = (what, str(request.business.pk), client_network(request))
    try:
        return _limiter().hit(limit, *key)
    except RedisError:
        log.warning("limits.redis-away")
        return _fallback.hit(limit, *key)


def _limiter() -> MovingWindowRateLimiter:
    global _shared
    if _shared is None:
        _shared = MovingWindowRateLimiter(
            RedisStorage(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)
        )
    return _shared
