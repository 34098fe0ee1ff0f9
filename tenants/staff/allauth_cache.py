"""Where are allauth's limits counted? In Redis, by all processes together; while it is away, in each of them.

allauth asks Django's default cache, which ours use as well, for things that each process may know for itself. So
this is that cache: what allauth keeps goes to Redis, everything else stays in the process as before.
"""

import hashlib
import hmac
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

log = logging.getLogger(__name__)

PREFIX = "allauth"
# A used app code is remembered for longer than it would be taken by any process, also where their clocks are minutes
# apart; allauth forgets it after one step of thirty seconds.
USED_TOTP_PREFIX = "allauth.mfa.totp.used"
TOTP_VALIDITY_SECONDS = (1 + 2 * settings.MFA_TOTP_TOLERANCE) * 30
CLOCK_SKEW_SECONDS = 600
TIMEOUT_SECONDS = 0.5
COOLDOWN_SECONDS = 5.0
MAX_EXPIRY = timedelta(days=1)
_unavailable_until: dict[str, float] = {}


class AllauthCache(LocMemCache):
    """The process's own cache, but for what allauth counts."""

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set a key that isn't there yet; False if it is. Of many processes one is told True."""
        kept = super().add
        if not key.startswith(PREFIX):
            return kept(key, value, timeout, version)
        if key.startswith(USED_TOTP_PREFIX):
            timeout = TOTP_VALIDITY_SECONDS + CLOCK_SKEW_SECONDS
        return _call_redis(
            lambda store: bool(store.set(_redis_key(key), json.dumps(value), ex=_expiry_seconds(timeout), nx=True)),
            fallback=lambda: kept(key, value, timeout, version),
        )

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return what a key holds."""
        kept = super().get
        if not key.startswith(PREFIX):
            return kept(key, default, version)
        return _call_redis(
            lambda store: _decode(store.get(_redis_key(key)), default), fallback=lambda: kept(key, default, version)
        )

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Set a key."""
        kept = super().set
        if not key.startswith(PREFIX):
            return kept(key, value, timeout, version)
        return _call_redis(
            lambda store: store.set(_redis_key(key), json.dumps(value), ex=_expiry_seconds(timeout)),
            fallback=lambda: kept(key, value, timeout, version),
        )

    def delete(self, key: str, version: int | None = None) -> bool:
        """Delete a key."""
        kept = super().delete
        if not key.startswith(PREFIX):
            return kept(key, version)
        return _call_redis(lambda store: bool(store.delete(_redis_key(key))), fallback=lambda: kept(key, version))


def _call_redis(call: Callable[[redis.Redis], Any], *, fallback: Callable[[], Any]) -> Any:
    """Ask Redis, or do it here while it is away: limits are then each process's own, and still limits."""
    url = settings.REDIS_URL
    if time.monotonic() < _unavailable_until.get(url, 0):
        return fallback()
    try:
        return call(_redis_client(url))
    except (RedisError, OSError) as error:
        # A page asks several times; it doesn't wait each time.
        _unavailable_until[url] = time.monotonic() + COOLDOWN_SECONDS
        log.warning("staff limits: redis is away: %s", type(error).__name__)
        return fallback()


@cache
def _redis_client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)


def _redis_key(key: str) -> str:
    """Return what Redis calls a key: nothing that would tell an address, a code or whose limit it is."""
    return f"staff-limit:{hmac.digest(settings.SECRET_KEY.encode(), key.encode(), hashlib.sha256).hex()}"


def _expiry_seconds(timeout: Any) -> int:
    """Return how long Redis keeps a key; never for ever."""
    longest = MAX_EXPIRY.total_seconds()
    return max(1, round(longest if timeout in (None, DEFAULT_TIMEOUT) else timeout))


def _decode(kept: Any, default: Any) -> Any:
    return default if kept is None else json.loads(kept)
