"""Who sends while nobody hears the bell?"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

from django.db import connection

from workers.actors.deliver import carry

log = logging.getLogger(__name__)

# Deliveries of one queue that may wait for a carrier; those beyond stay where another sweeper finds them.
HANDFUL = 200


class Carriers:
    """A few threads of the sweeper that do what workers would do. Idle, they cost nothing."""

    def __init__(self, number: int, *, clock: Callable[[], datetime]):
        self._pool = ThreadPoolExecutor(number, thread_name_prefix="carrier")
        self._clock = clock
        self._under_way: list[Future] = []

    @property
    def room(self) -> int:
        """Return how many more deliveries they may take."""
        self._under_way = [one for one in self._under_way if not one.done()]
        return HANDFUL - len(self._under_way)

    def take(self, delivery_id: UUID) -> None:
        """Send one delivery as soon as a thread is free."""
        self._under_way.append(self._pool.submit(self._carry, delivery_id))

    def stop(self) -> None:
        """Finish what is in their hands and leave the rest to whoever sweeps next."""
        self._pool.shutdown(cancel_futures=True)

    def _carry(self, delivery_id: UUID) -> None:
        try:
            carry(delivery_id, clock=self._clock)
        except Exception:
            log.exception("a delivery failed in the sweeper")
        finally:
            # Carriers work only while the queue is away; between times they hold no connection.
            connection.close()
