"""Limits of requests per key, business, session and network, and the headers that say how much of them is left."""

import math
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from limits import parse
from rest_framework.request import Request

from portal.access.network_limits import count_request, get_window_left
from tenants import database_clock
from tenants.client_ip import get_client_network
from tenants.models import ApiKey
from tenants.sliding_windows import RateLimitExceeded


@dataclass(frozen=True)
class RateLimitStatus:
    """The limit of a key or a session: its requests in a window of some seconds, and how many are left for how long."""

    name: str
    requests: int
    window_seconds: int
    left: int
    reset_seconds: int


def check_rate_limits(key: ApiKey) -> RateLimitStatus:
    """Count a request for its key and its business; return how much of the key's limit is left.

    Raises RateLimitExceeded.
    """
    _count_request("key", settings.API_REQUESTS_PER_KEY, key.pk)
    _count_request("business", settings.API_REQUESTS_PER_BUSINESS, key.business_id)
    return _read_status("key", settings.API_REQUESTS_PER_KEY, key.pk)


def check_session_limit(session_id: UUID) -> RateLimitStatus:
    """Count a request for a client's session. Raises RateLimitExceeded."""
    _count_request("session", settings.API_REQUESTS_PER_SESSION, session_id)
    return _read_status("session", settings.API_REQUESTS_PER_SESSION, session_id)


def check_anonymous_limit(request: Request) -> None:
    """Count a request of nobody for its network. Raises RateLimitExceeded."""
    limit = parse(settings.API_REQUESTS_PER_NETWORK)
    if not count_request(limit, "api-network", get_client_network(request)):
        raise RateLimitExceeded(database_clock.now() + timedelta(seconds=limit.get_expiry()))


def set_rate_limit_headers(response: HttpResponse, status: RateLimitStatus) -> None:
    """Set the headers of draft-ietf-httpapi-ratelimit-headers."""
    response["RateLimit-Policy"] = f'"{status.name}";q={status.requests};w={status.window_seconds}'
    response["RateLimit"] = f'"{status.name}";r={status.left};t={status.reset_seconds}'


def _count_request(name: str, rate: str, owner_id: UUID) -> None:
    """Count a request towards one limit. Raises RateLimitExceeded, with the time at which that limit has room."""
    if not count_request(parse(rate), f"api-{name}", str(owner_id)):
        seconds = _read_status(name, rate, owner_id).reset_seconds
        raise RateLimitExceeded(database_clock.now() + timedelta(seconds=seconds))


def _read_status(name: str, rate: str, owner_id: UUID) -> RateLimitStatus:
    limit = parse(rate)
    reset_at, left = get_window_left(limit, f"api-{name}", str(owner_id))
    seconds = max(0, math.ceil(reset_at - database_clock.now().timestamp()))
    return RateLimitStatus(name, limit.amount, limit.get_expiry(), left, seconds)
