"""Who makes sure of the messages nobody rang for, or whose worker died?

Every round hands deliveries that are due to their lane, the same share to every
business, and applies events left lying. It lives through restarts of PostgreSQL and of
the queue; while the queue is away it sends by itself. Any number of sweepers may run.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import BoundedSemaphore, Event, Thread
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from tenants import inbox, outbox
from tenants.connections import drop_dead_connection
from tenants.models import Lane
from workers import queue
from workers.actors.deliver import apply_event, carry

log = logging.getLogger(__name__)

# Bells of one lane that may wait in the queue: enough to keep workers busy, few enough to lose.
MOST_WAITING = 1_000
EVENTS_A_ROUND = 500
CARRIERS = 8


class Sweeper:
    """Sweeps until told to stop."""

    def __init__(self, *, clock: Callable[[], datetime] = timezone.now):
        self._clock = clock
        self._carriers = ThreadPoolExecutor(CARRIERS, thread_name_prefix="sweeper")
        self._free = BoundedSemaphore(CARRIERS)

    def run(self, stop: Event) -> None:
        """Sweep every SWEEP_INTERVAL until `stop` is set, then let what is under way finish."""
        # A thousand bells for notices take a second; codes don't wait for them.
        patient = Thread(target=self._repeat, args=(stop, self.sweep_the_rest))
        patient.start()
        self._repeat(stop, self.sweep_codes)
        patient.join()
        self._carriers.shutdown()

    def sweep_codes(self) -> None:
        """Do one round for the lane that people wait for."""
        self._try(self._hand_out, Lane.CODES)

    def sweep_the_rest(self) -> None:
        """Do one round for all other lanes, and for events."""
        self._try(self._hand_out, Lane.NOTICES)
        self._try(self._hand_out, Lane.BULK)
        self._try(self._apply_events)

    def _repeat(self, stop: Event, round_: Callable[[], None]) -> None:
        while not stop.wait(settings.SWEEP_INTERVAL.total_seconds()):
            close_old_connections()
            drop_dead_connection()
            round_()
        connection.close()

    def _try(self, part: Callable[..., None], *given: Lane) -> None:
        """Do one part. If it fails, that is logged and doesn't keep the others from their turn."""
        try:
            part(*given)
        except (OperationalError, InterfaceError) as error:
            log.error("the database is away: %s", type(error).__name__)
            connection.close()
        except Exception:
            log.exception("a part of the sweep failed")

    def _hand_out(self, lane: Lane) -> None:
        try:
            room = MOST_WAITING - queue.waiting(lane)
        except ConnectionError:
            return self._carry_ourselves(lane)
        if room > 0:
            for delivery_id in outbox.hand_out(lane, self._clock(), room):
                queue.ring(lane=lane, delivery_id=delivery_id)
        return None

    def _carry_ourselves(self, lane: Lane) -> None:
        """Send while nobody hears the bell, as many at a time as there are carriers free."""
        while self._free.acquire(blocking=False):
            due = outbox.hand_out(lane, self._clock(), 1)
            if not due:
                self._free.release()
                return
            self._carriers.submit(self._carry, due[0])

    def _carry(self, delivery_id: UUID) -> None:
        try:
            carry(delivery_id, clock=self._clock)
        except Exception:
            log.exception("a delivery failed in the sweeper")
        finally:
            # Carriers work only while the queue is away; between times they hold no connection.
            connection.close()
            self._free.release()

    def _apply_events(self) -> None:
        for event_id in inbox.waiting(self._clock(), EVENTS_A_ROUND):
            try:
                apply_event(event_id, now=self._clock())
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                log.exception("an event can't be applied")
