"""A circuit breaker for calls to services that may be unreachable."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Lock, get_ident

from tenants import metrics


class CircuitBreaker:
    """Opens after several failures in a row; after a cooldown it allows a single trial call.

    Each process has its own breaker per service, so that none depends on a shared store
    that may be unreachable as well.
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
        self._trial_thread: int | None = None

    def allow_call(self) -> bool:
        """Return whether a call may be made; after a cooldown exactly one caller gets True."""
        with self._lock:
            if self._retry_at is None:
                return True
            if self._clock() < self._retry_at:
                return False
            # Others wait one more cooldown, so that a trial call that never returns doesn't keep it open for ever.
            self._retry_at = self._clock() + self._cooldown_seconds
            self._trial_thread = get_ident()
            return True

    def cancel_call(self) -> None:
        """Give back an allowed call that was not made, so that the trial call is left to the next caller."""
        with self._lock:
            if self._trial_thread == get_ident():
                self._retry_at, self._trial_thread = self._clock(), None

    def record_success(self) -> None:
        """Close the breaker after a successful call."""
        with self._lock:
            self._failures = 0
            self._retry_at = self._trial_thread = None
            self._gauge.set(0)

    def record_failure(self) -> None:
        """Count a failed call; open the breaker at the threshold."""
        with self._lock:
            self._failures += 1
            self._trial_thread = None
            if self._failures >= self._failure_threshold:
                self._retry_at = self._clock() + self._cooldown_seconds
                self._gauge.set(1)
