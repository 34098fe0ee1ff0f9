"""Is it worth asking this provider now, or would we only wait for it to fail again?"""

import time
from collections.abc import Callable
from threading import Lock

from django.conf import settings

from tenants import metrics


class Breaker:
    """Opens after some failures in a row, then lets a single call try whether the provider is back.

    There is one per provider and process: processes find out for themselves, and none
    depends on a store that may be away as well.
    """

    def __init__(self, provider: str, *, clock: Callable[[], float] = time.monotonic):
        self._gauge = metrics.BREAKER_OPEN.labels(provider)
        self._gauge.set(0)
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._closed_again_at: float | None = None

    def allows(self) -> bool:
        """Tell whether a call may be made; once open and rested, exactly one caller is told yes."""
        with self._lock:
            if self._closed_again_at is None:
                return True
            if self._clock() < self._closed_again_at:
                return False
            # The trial's own time counts too: one that never comes back mustn't keep the breaker open for ever.
            self._closed_again_at = self._clock() + settings.BREAKER_OPEN.total_seconds()
            return True

    def succeeded(self) -> None:
        """Note that the provider works."""
        with self._lock:
            self._failures = 0
            self._closed_again_at = None
            self._gauge.set(0)

    def failed(self) -> None:
        """Note that the provider is away, in trouble or silent."""
        with self._lock:
            self._failures += 1
            if self._failures >= settings.BREAKER_FAILURES:
                self._closed_again_at = self._clock() + settings.BREAKER_OPEN.total_seconds()
                self._gauge.set(1)
