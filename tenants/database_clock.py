"""Tells the time by the database's clock, which all machines share.

Whether something has expired is often decided on another machine than the one that set the limit, and the clocks of
two machines differ. Each process therefore measures how far its machine's clock is from the database's, and adds
that to every time it reads: once a minute, on a new connection, and when its own clock was set.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from django.db import Error, connection
from django.utils import timezone

from tenants import metrics

MEASURING_INTERVAL_SECONDS = 60
# A measurement that fails may have waited for the database, which not every reading of the time can.
RETRY_INTERVAL_SECONDS = 5
# How far a machine's clock may move apart from the time that has passed before it counts as set.
MAX_DRIFT_SECONDS = 1
# A measurement is wrong by up to half its round trip, so that of a slow one is not used.
MAX_ROUND_TRIP_SECONDS = 1


class DatabaseClock:
    """One process's clock: its machine's, corrected by the measured difference to the database's."""

    def __init__(self, measure_offset: Callable[[], timedelta | None]):
        self._measure_offset = measure_offset
        self._offset = timedelta(0)
        self._measured_at: float | None = None
        self._failed_at: float | None = None
        self._drift = 0.0
        self._lock = Lock()

    def now(self) -> datetime:
        """Return the current time by the database's clock; by the machine's own until it could be measured."""
        if self._needs_measurement() and self._lock.acquire(blocking=False):
            try:
                self._measure()
            finally:
                self._lock.release()
        return timezone.now() + self._offset

    def request_measurement(self) -> None:
        """Have the difference measured with the next reading: the database may be another server now."""
        self._measured_at = self._failed_at = None

    def _needs_measurement(self) -> bool:
        if self._failed_at is not None and time.monotonic() - self._failed_at < RETRY_INTERVAL_SECONDS:
            return False
        return (
            self._measured_at is None
            or time.monotonic() - self._measured_at >= MEASURING_INTERVAL_SECONDS
            or abs(_read_drift() - self._drift) >= MAX_DRIFT_SECONDS
        )

    def _measure(self) -> None:
        offset = self._measure_offset()
        self._failed_at = time.monotonic() if offset is None else None
        if offset is not None:
            self._offset = offset
            self._measured_at, self._drift = time.monotonic(), _read_drift()
            metrics.CLOCK_OFFSET.set(offset.total_seconds())


def measure_offset() -> timedelta | None:
    """Return how far the database's clock is ahead of this machine's; None while it can't be told exactly enough."""
    try:
        with connection.cursor() as cursor:
            asked_at, started_at = timezone.now(), time.monotonic()
            cursor.execute("SELECT clock_timestamp()")
            round_trip = time.monotonic() - started_at
            [database_time] = cursor.fetchone()
    except Error:
        return None
    if round_trip > MAX_ROUND_TRIP_SECONDS:
        return None
    return database_time - (asked_at + timedelta(seconds=round_trip / 2))


def now() -> datetime:
    """Return the current time by the database's clock. Only entry points call it; everything else is told the time."""
    return _clock.now()


def request_measurement() -> None:
    """Have this process measure its clock with the next reading."""
    _clock.request_measurement()


def _read_drift() -> float:
    """Return the machine's time less the seconds it has run, which changes only when its clock is set."""
    return time.time() - time.monotonic()


_clock = DatabaseClock(measure_offset)
