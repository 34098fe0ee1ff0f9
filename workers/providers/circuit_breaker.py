"""Is it worth asking now, or would we only wait for it to fail again?"""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Lock

from tenants import metrics


class CircuitBreaker:
    """Opens after some failures in a row; when it has rested, lets a single call try again.

    There is one per process for each thing that may be away: processes find out for
    themselves, and none depends on a store that may be away as well.
    """

    def __init__(
        self, name: str, *, failure_threshold: int, cooldown: timedelta, clock: Callable[[], float] = time.monotonic
    ):
        self._gauge = metrics.BREAKER_OPEN.labels(name)
        self._gauge.set(0)
        self._failure_threshold, self._cooldown_seconds = failure_threshold, cooldown.total_seconds()
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._retry_at: float | None = None

    def allow_call(self) -> bool:
        """Tell whether a call may be made; once open and rested, exactly one caller is told yes."""
        with self._lock:
            if self._retry_at is None:
                return True
            if self._clock() < self._retry_at:
                return False
            # Others wait as long again, so that a trial which never comes back doesn't keep it open for ever.
            self._retry_at = self._clock() + self._cooldown_seconds
            return True

    def record_success(self) -> None:
        """Note that it works."""
        with self._lock:
            self._failures = 0
            self._retry_at = None
            self._gauge.set(0)

    def record_failure(self) -> None:
        """Note that it is away, in trouble or silent."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._failure_threshold:
                self._retry_at = self._clock() + self._cooldown_seconds
                self._gauge.set(1)
