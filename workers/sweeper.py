"""Who makes sure of the messages nobody rang for, or whose worker died?

Every round hands deliveries that are due to their queue, the same share to every
business, applies events left lying, and now and then looks whether codes go out at all. It lives through restarts of PostgreSQL and of
the queue; while the queue is away it sends by itself. Any number of sweepers may run.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from tenants import outbox, provider_events
from tenants.connections import drop_dead_connection
from tenants.models import Queue
from workers import queue as task_queue
from workers.actors.deliver import apply_event
from workers.carriers import Carriers
from workers.outages import watch

log = logging.getLogger(__name__)

# Bells that may wait in one queue: enough to keep workers busy, few enough to lose.
MOST_WAITING = 1_000
EVENTS_A_ROUND = 500
LOOK_FOR_OUTAGES = timedelta(seconds=10)
CARRIERS = {Queue.CODES: 8, Queue.NOTICES: 2, Queue.BULK: 1}


class Sweeper:
    """Sweeps until told to stop."""

    def __init__(self, *, clock: Callable[[], datetime] = timezone.now):
        self._clock = clock
        self._carriers = {queue: Carriers(number, clock=clock) for queue, number in CARRIERS.items()}
        self._next_look = clock()

    def run(self, stop: Event) -> None:
        """Sweep every SWEEP_INTERVAL until `stop` is set, then let what is under way finish."""
        # A thousand bells for notices take a second; codes don't wait for them.
        patient = Thread(target=self._repeat, args=(stop, self.sweep_the_rest))
        patient.start()
        self._repeat(stop, self.sweep_codes)
        patient.join()
        self.stop()

    def sweep_codes(self) -> None:
        """Do one round for the queue that people wait for."""
        self._try(self._dispatch_due, Queue.CODES)

    def sweep_the_rest(self) -> None:
        """Do one round for all other queues, for events, and for whoever should know that codes don't go out."""
        self._try(self._dispatch_due, Queue.NOTICES)
        self._try(self._dispatch_due, Queue.BULK)
        self._try(self._apply_events)
        self._try(self._look_for_outages)

    def stop(self) -> None:
        """Let what is under way finish."""
        for carriers in self._carriers.values():
            carriers.stop()

    def _repeat(self, stop: Event, round_: Callable[[], None]) -> None:
        while not stop.wait(settings.SWEEP_INTERVAL.total_seconds()):
            close_old_connections()
            drop_dead_connection()
            round_()
        connection.close()

    def _try(self, part: Callable[..., None], *given: Queue) -> None:
        """Do one part. If it fails, that is logged and doesn't keep the others from their turn."""
        try:
            part(*given)
        except (OperationalError, InterfaceError) as error:
            log.error("the database is away: %s", type(error).__name__)
            connection.close()
        except Exception:
            log.exception("a part of the sweep failed")

    def _dispatch_due(self, queue: Queue) -> None:
        """Ring for what is due, as far as there is room in the queue; while it is away, send instead."""
        carriers = self._carriers[queue]
        try:
            is_heard, room = True, MOST_WAITING - task_queue.waiting(queue)
        except ConnectionError:
            is_heard, room = False, carriers.room
        due = outbox.lease_due(queue, self._clock(), room) if room > 0 else []
        for delivery_id in due:
            if not (is_heard and task_queue.ring(queue=queue, delivery_id=delivery_id)):
                carriers.take(delivery_id)

    def _apply_events(self) -> None:
        for event_id in provider_events.pending(self._clock(), EVENTS_A_ROUND):
            try:
                apply_event(event_id, now=self._clock())
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                log.exception("an event can't be applied")

    def _look_for_outages(self) -> None:
        now = self._clock()
        if now >= self._next_look:
            self._next_look = now + LOOK_FOR_OUTAGES
            watch(now=now)
