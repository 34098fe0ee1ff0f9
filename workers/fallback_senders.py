"""Who sends while nobody hears the bell?"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

from django.db import connection

from workers.actors.deliveries import deliver_now

log = logging.getLogger(__name__)

# Deliveries of one queue that may wait for a carrier; those beyond stay where another sweeper finds them.
MAX_PENDING = 200


class FallbackSenderPool:
    """A few threads of the sweeper that do what workers would do. Idle, they cost nothing."""

    def __init__(self, number: int, *, clock: Callable[[], datetime]):
        self._pool = ThreadPoolExecutor(number, thread_name_prefix="carrier")
        self._clock = clock
        self._pending: list[Future] = []

    @property
    def free_slots(self) -> int:
        """Return how many more deliveries they may take."""
        self._pending = [one for one in self._pending if not one.done()]
        return MAX_PENDING - len(self._pending)

    def submit(self, delivery_id: UUID) -> None:
        """Send one delivery as soon as a thread is free."""
        self._pending.append(self._pool.submit(self._send, delivery_id))

    def shutdown(self) -> None:
        """Finish what is in their hands and leave the rest to whoever sweeps next."""
        self._pool.shutdown(cancel_futures=True)

    def _send(self, delivery_id: UUID) -> None:
        try:
            deliver_now(delivery_id, clock=self._clock)
        except Exception:
            log.exception("a delivery failed in the sweeper")
        finally:
            # Carriers work only while the queue is away; between times they hold no connection.
            connection.close()
