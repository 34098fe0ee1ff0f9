"""Threads in the sweeper that send deliveries themselves while the broker is unreachable."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

from django.db import connection

from workers.actors.delivery_jobs import deliver_now

log = logging.getLogger(__name__)

# Deliveries of one queue that may wait for a thread; further ones stay in the outbox for the next round.
MAX_PENDING = 200


class DeliveryThreadPool:
    """A thread pool that delivers what workers of one queue would deliver. An idle pool costs nothing."""

    def __init__(self, number: int, *, clock: Callable[[], datetime]):
        self._pool = ThreadPoolExecutor(number, thread_name_prefix="delivery")
        self._clock = clock
        self._pending: list[Future] = []

    @property
    def remaining_capacity(self) -> int:
        """Return how many more deliveries the pool accepts."""
        self._pending = [future for future in self._pending if not future.done()]
        return MAX_PENDING - len(self._pending)

    def submit_delivery(self, delivery_id: UUID) -> None:
        """Send one delivery as soon as a thread is free."""
        self._pending.append(self._pool.submit(self._deliver_in_thread, delivery_id))

    def shutdown(self) -> None:
        """Finish the deliveries in progress and cancel those that wait; they stay in the outbox."""
        self._pool.shutdown(cancel_futures=True)

    def _deliver_in_thread(self, delivery_id: UUID) -> None:
        try:
            deliver_now(delivery_id, clock=self._clock)
        except Exception:
            log.exception("a delivery failed in the sweeper")
        finally:
            # The pool works only while the broker is unreachable; in between it holds no database connection.
            connection.close()
