"""Rate limits per network and per business, counted in Redis, or in this process while Redis is unavailable."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from tenants import database_clock
from tenants.client_ip import get_client_network
from tenants.models import Business
from tenants.request_types import PortalRequest
from tenants.sliding_windows import RateLimitExceeded

log = structlog.get_logger(__name__)

Arguments = ParamSpec("Arguments")
Request = TypeVar("Request", bound=PortalRequest)
View = Callable[Concatenate[Request, Arguments], HttpResponse]

TIMEOUT_SECONDS = 0.5

memory_limiter = MovingWindowRateLimiter(MemoryStorage())
_redis_limiter: MovingWindowRateLimiter | None = None


def rate_limit(
    name: str, setting: str, *, methods: Collection[str] = ("POST",)
) -> Callable[[View[Request, Arguments]], View[Request, Arguments]]:
    """Return a view decorator that answers these methods with 429 once a network exceeds the limit of a setting."""

    def decorator(view: View[Request, Arguments]) -> View[Request, Arguments]:
        @wraps(view)
        def wrapper(request: Request, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
            try:
                if request.method in methods:
                    check_network_rate_limit(request, name, setting)
            except RateLimitExceeded as error:
                return render_too_many_requests(request, error.retry_at)
            return view(request, *args, **kwargs)

        return wrapper

    return decorator


def check_network_rate_limit(request: PortalRequest, name: str, setting: str) -> None:
    """Count a request against the limit that its network has at its business. Raises RateLimitExceeded."""
    limit = parse(getattr(settings, setting))
    if not count_request(limit, name, str(request.business.pk), get_client_network(request)):
        raise RateLimitExceeded(database_clock.now() + timedelta(seconds=limit.get_expiry()))


def check_business_rate_limit(name: str, setting: str, business: Business) -> datetime | None:
    """Count a request against a limit that all clients of a business share; return when to retry if it is exceeded."""
    limit = parse(getattr(settings, setting))
    if count_request(limit, name, str(business.pk)):
        return None
    return database_clock.now() + timedelta(seconds=limit.get_expiry())


def count_request(limit: RateLimitItem, *key: str) -> bool:
    """Count a request against a limit; False, and nothing is counted, if the limit is used up."""
    try:
        return get_limiter().hit(limit, *key)
    except RedisError:
        log.warning("rate-limit.redis-unavailable")
        return memory_limiter.hit(limit, *key)


def render_too_many_requests(request: HttpRequest, retry_at: datetime, *, for_address: bool = False) -> HttpResponse:
    """Return the 429 page for an exceeded limit, of the network or of the address, with the time to retry."""
    context = {"retry_at": retry_at, "for_address": for_address}
    return set_retry_after(render(request, "errors/429.html", context, status=429), retry_at)


def set_retry_after(response: HttpResponse, retry_at: datetime) -> HttpResponse:
    """Set the Retry-After header, in seconds."""
    response["Retry-After"] = str(max(1, round((retry_at - database_clock.now()).total_seconds())))
    return response


def get_limiter() -> MovingWindowRateLimiter:
    """Return the limiter that counts in Redis, built when it is first needed."""
    global _redis_limiter
    if _redis_limiter is None:
        _redis_limiter = MovingWindowRateLimiter(
            RedisStorage(settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)
        )
    return _redis_limiter


def get_window_left(limit: RateLimitItem, *key: str) -> tuple[float, int]:
    """Return when the window of a limit ends, in seconds since 1970, and how many requests are left until then."""
    try:
        stats = get_limiter().get_window_stats(limit, *key)
    except RedisError:
        stats = memory_limiter.get_window_stats(limit, *key)
    return stats.reset_time, stats.remaining
