"""Django's default cache: allauth's keys are stored in Redis for all processes, all other keys in this process.

allauth counts its rate limits in the default cache. While Redis is unavailable, each process counts for itself.
"""

import json
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from redis.exceptions import RedisError

from tenants.keyed_digests import compute_keyed_digest

log = logging.getLogger(__name__)

PREFIX = "allauth"
# A used authenticator code is remembered for as long as any process would accept it, even with clocks minutes apart;
# allauth itself forgets it after one step of thirty seconds.
USED_TOTP_PREFIX = "allauth.mfa.totp.used"
TOTP_VALIDITY_SECONDS = (1 + 2 * settings.MFA_TOTP_TOLERANCE) * 30
CLOCK_SKEW_SECONDS = 600
TIMEOUT_SECONDS = 0.5
COOLDOWN_SECONDS = 5.0
MAX_EXPIRY = timedelta(days=1)
_unavailable_until: dict[str, float] = {}


class AllauthCache(LocMemCache):
    """A local-memory cache that stores allauth's keys in Redis."""

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set a key that doesn't exist yet; False if it does. Of several processes, exactly one gets True."""
        local = super().add
        if not key.startswith(PREFIX):
            return local(key, value, timeout, version)
        if key.startswith(USED_TOTP_PREFIX):
            timeout = TOTP_VALIDITY_SECONDS + CLOCK_SKEW_SECONDS
        expiry = _compute_redis_expiry_seconds(timeout)
        current, *previous = _list_redis_keys(key)
        return _call_redis(
            lambda client: (
                not any(client.exists(former) for former in previous)
                and bool(client.set(current, json.dumps(value), ex=expiry, nx=True))
            ),
            fallback=lambda: local(key, value, timeout, version),
        )

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value of a key."""
        local = super().get
        if not key.startswith(PREFIX):
            return local(key, default, version)
        return _call_redis(
            lambda client: _decode_first_value(client.mget(_list_redis_keys(key)), default),
            fallback=lambda: local(key, default, version),
        )

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Set a key."""
        local = super().set
        if not key.startswith(PREFIX):
            return local(key, value, timeout, version)
        return _call_redis(
            lambda client: client.set(
                _list_redis_keys(key)[0], json.dumps(value), ex=_compute_redis_expiry_seconds(timeout)
            ),
            fallback=lambda: local(key, value, timeout, version),
        )

    def delete(self, key: str, version: int | None = None) -> bool:
        """Delete a key."""
        local = super().delete
        if not key.startswith(PREFIX):
            return local(key, version)
        return _call_redis(
            lambda client: bool(client.delete(*_list_redis_keys(key))), fallback=lambda: local(key, version)
        )


def _call_redis(call: Callable[[redis.Redis], Any], *, fallback: Callable[[], Any]) -> Any:
    """Call Redis, or the fallback while Redis is unavailable; limits then hold for each process on its own."""
    url = settings.REDIS_URL
    if time.monotonic() < _unavailable_until.get(url, 0):
        return fallback()
    try:
        return call(_redis_client(url))
    except (RedisError, OSError) as error:
        # One page makes several calls; only the first waits for the timeout.
        _unavailable_until[url] = time.monotonic() + COOLDOWN_SECONDS
        log.warning("staff limits: redis unavailable: %s", type(error).__name__)
        return fallback()


@cache
def _redis_client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)


def _list_redis_keys(key: str) -> list[str]:
    """Return a keyed digest as the Redis key, so that it reveals no address, code or person; and the one before it."""
    digests = compute_keyed_digest("tenants.staff.allauth_cache", key)
    return [f"staff-limit:{digest.hex()}" for digest in dict.fromkeys(digests)]


def _compute_redis_expiry_seconds(timeout: Any) -> int:
    """Return a key's lifetime in Redis in seconds; there is always one."""
    default = MAX_EXPIRY.total_seconds()
    return max(1, round(default if timeout in (None, DEFAULT_TIMEOUT) else timeout))


def _decode_first_value(values: Any, default: Any) -> Any:
    stored = next((value for value in values if value is not None), None)
    return default if stored is None else json.loads(stored)
