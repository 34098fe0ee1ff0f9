"""A loop that sends webhooks. Any number of them may run, on any number of machines.

It needs no broker: due webhooks are rows, and whose turn it is the database decides. So a backlog of webhooks is in no
other worker's way, and theirs not in its own.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import BoundedSemaphore, Event

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from portal.integrations.webhooks.batches import send_batch
from tenants.connections import close_dead_connection
from tenants.webhooks import streams
from tenants.webhooks.streams import StreamClaim

log = logging.getLogger(__name__)

THREADS = 8
# How often an idle worker looks for work.
POLL_SECONDS = 0.5
PURGE_BATCH, PURGE_INTERVAL = 500, timedelta(minutes=1)


class WebhookWorker:
    """Claims streams while it has a free thread, and sends what is due on each."""

    def __init__(self, *, clock: Callable[[], datetime], threads: int = THREADS):
        self._clock = clock
        self._purged_at: datetime | None = None
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="webhook-stream")
        self._free_threads = BoundedSemaphore(threads)

    def run_until_stopped(self, stop: Event) -> None:
        """Send until `stop` is set, then finish what was begun."""
        while not stop.is_set():
            if not (self._free_threads.acquire(timeout=POLL_SECONDS) and self._start_batch()):
                stop.wait(POLL_SECONDS)
        self._pool.shutdown()
        connection.close()

    def send_all_due(self) -> int:
        """Send what is due now, in this thread, and return how many attempts were made."""
        total = 0
        while claim := streams.claim_stream(self._clock()):
            total += send_batch(claim, clock=self._clock)
        return total

    def _start_batch(self) -> bool:
        """Start a batch in the thread that was acquired; if there is none, give it back and return False."""
        claim = None
        try:
            close_old_connections()
            close_dead_connection()
            claim = streams.claim_stream(self._clock())
            if claim is None:
                self._purge_orphaned_deliveries()
        except (OperationalError, InterfaceError) as error:
            log.error("database unavailable: %s", type(error).__name__)
            connection.close()
        except Exception:
            log.exception("no webhooks can be claimed")
        if claim is None:
            self._free_threads.release()
            return False
        self._pool.submit(self._send_in_thread, claim)
        return True

    def _purge_orphaned_deliveries(self) -> None:
        """Delete what is due for no endpoint any more, now and then: it takes a search of the whole table."""
        now = self._clock()
        if self._purged_at is None or now - self._purged_at >= PURGE_INTERVAL:
            self._purged_at = now
            streams.purge_orphaned_deliveries(PURGE_BATCH)

    def _send_in_thread(self, claim: StreamClaim) -> None:
        """Send one batch. After an error the stream stays leased for a while, so that it is not tried again at once."""
        try:
            close_dead_connection()
            send_batch(claim, clock=self._clock)
        except (OperationalError, InterfaceError) as error:
            log.error("database unavailable: %s", type(error).__name__)
            connection.close()
        except Exception:
            log.exception("webhooks of one endpoint can't be sent")
        finally:
            close_old_connections()
            self._free_threads.release()
