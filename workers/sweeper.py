"""A loop that enqueues due deliveries again and applies stored provider events.

It finds deliveries whose message or worker was lost, the same share for every business, applies events
left over, and checks for outages. It survives restarts of PostgreSQL and of the broker; while the broker
is unreachable it sends by itself. Any number of sweepers may run.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from tenants import database_clock, outbox, provider_events
from tenants.connections import close_dead_connection
from tenants.models import Queue
from workers import queue as task_queue
from workers.actors.delivery_jobs import apply_event_or_give_up
from workers.delivery_thread_pool import DeliveryThreadPool
from workers.outage_updates import update_outages

log = logging.getLogger(__name__)

# Messages that may wait in one queue: enough to keep workers busy, few enough that losing them matters little.
MAX_QUEUE_LENGTH = 1_000
EVENTS_PER_ROUND = 500
OUTAGE_CHECK_INTERVAL = timedelta(seconds=10)
FALLBACK_THREADS = {Queue.CODES: 8, Queue.NOTICES: 2, Queue.BULK: 1}


class Sweeper:
    """Sweeps all queues in rounds until it is stopped."""

    def __init__(self, *, clock: Callable[[], datetime] = database_clock.now):
        self._clock = clock
        self._fallback_pools = {
            queue: DeliveryThreadPool(number, clock=clock) for queue, number in FALLBACK_THREADS.items()
        }
        self._next_outage_check = clock()

    def run_until_stopped(self, stop: Event) -> None:
        """Sweep every SWEEP_INTERVAL until `stop` is set, then finish the deliveries in progress."""
        # To enqueue a thousand notices takes a second; codes don't wait for that.
        other_queues = Thread(target=self._repeat_until_stopped, args=(stop, self.sweep_other_queues))
        other_queues.start()
        self._repeat_until_stopped(stop, self.sweep_codes_queue)
        other_queues.join()
        self.stop()

    def sweep_codes_queue(self) -> None:
        """Do one round for the queue of sign-in codes."""
        self._run_sweep_step(self._dispatch_due, Queue.CODES)

    def sweep_other_queues(self) -> None:
        """Do one round for the other queues, provider events and outages."""
        self._run_sweep_step(self._dispatch_due, Queue.NOTICES)
        self._run_sweep_step(self._dispatch_due, Queue.BULK)
        self._run_sweep_step(self._apply_events)
        self._run_sweep_step(self._check_for_outages)

    def stop(self) -> None:
        """Finish the deliveries in progress."""
        for pool in self._fallback_pools.values():
            pool.shutdown()

    def _repeat_until_stopped(self, stop: Event, round_: Callable[[], None]) -> None:
        while not stop.wait(settings.SWEEP_INTERVAL.total_seconds()):
            close_old_connections()
            close_dead_connection()
            round_()
        connection.close()

    def _run_sweep_step(self, step: Callable[..., None], *args: Queue) -> None:
        """Run one step of a round and log its error, so that the other steps still run."""
        try:
            step(*args)
        except (OperationalError, InterfaceError) as error:
            log.error("database unavailable: %s", type(error).__name__)
            connection.close()
        except Exception:
            log.exception("a step of the sweep failed")

    def _dispatch_due(self, queue: Queue) -> None:
        """Enqueue due deliveries while the queue has room; while the broker is unreachable, send them instead."""
        pool = self._fallback_pools[queue]
        try:
            broker_is_up, capacity = True, MAX_QUEUE_LENGTH - task_queue.get_queue_length(queue)
        except ConnectionError:
            broker_is_up, capacity = False, pool.remaining_capacity
        due = outbox.lease_due_deliveries(queue, self._clock(), capacity) if capacity > 0 else []
        for delivery_id in due:
            if not (broker_is_up and task_queue.enqueue_delivery(queue=queue, delivery_id=delivery_id)):
                pool.submit_delivery(delivery_id)

    def _apply_events(self) -> None:
        for event_id in provider_events.list_pending_events(self._clock(), EVENTS_PER_ROUND):
            try:
                apply_event_or_give_up(event_id, now=self._clock())
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                log.exception("an event can't be applied")

    def _check_for_outages(self) -> None:
        now = self._clock()
        if now >= self._next_outage_check:
            self._next_outage_check = now + OUTAGE_CHECK_INTERVAL
            update_outages(now=now)
