"""What happens around every job, whatever the job?"""

import dramatiq.worker
from django.db import close_old_connections
from dramatiq import Broker, Message, Middleware
from dramatiq.broker import MessageProxy
from dramatiq.worker import Worker

from tenants.connections import close_dead_connection

# How often an idle worker looks for work, in milliseconds; dramatiq's own is 1,000.
POLL_INTERVAL_MS = 50


class FastPolling(Middleware):
    """Look for work often, and return soon after the queue has been away.

    dramatiq reads these from the environment while its command starts, before our
    settings exist, so they are set on the worker as it boots.
    """

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Tune one worker."""
        worker.worker_timeout = POLL_INTERVAL_MS
        dramatiq.worker.CONSUMER_RESTART_DELAY_SECS = 1
        dramatiq.worker.POST_PROCESS_MESSAGE_RETRY_DELAY_SECS = 1


class DatabaseConnections(Middleware):
    """Give back database connections that are broken or too old, before and after each job."""

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        """Start with a connection that works, also after a restart of PostgreSQL."""
        close_old_connections()
        close_dead_connection()

    def after_process_message(
        self, broker: Broker, message: MessageProxy, *, result: object = None, exception: BaseException | None = None
    ) -> None:
        """Leave no broken connection to the next job."""
        close_old_connections()


class StripTracebacks(Middleware):
    """Keep the words of exceptions out of the queue: they may quote an address."""

    def before_enqueue(self, broker: Broker, message: Message, delay: int | None) -> None:
        """Drop the traceback that Retries puts into a message."""
        message.options.pop("traceback", None)
