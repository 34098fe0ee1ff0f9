"""Dramatiq middleware of the workers: polling interval, database connections and error details."""

import dramatiq.worker
from django.db import close_old_connections
from dramatiq import Broker, Message, Middleware
from dramatiq.broker import MessageProxy
from dramatiq.middleware import AgeLimit, Retries, ShutdownNotifications, TimeLimit
from dramatiq.worker import Worker

from tenants.connections import close_dead_connection

# Consumers block until a message arrives, so idle worker threads need to poll only this often.
IDLE_TIMEOUT_MS = 1_000


def build_middleware() -> list[Middleware]:
    """Return the complete list of middleware, which replaces the default one of dramatiq."""
    return [
        WorkerTimeouts(),
        CloseStaleConnections(),
        AgeLimit(),
        TimeLimit(),
        ShutdownNotifications(),
        Retries(max_retries=3, min_backoff=500, max_backoff=10_000),
        StripTracebacks(),
    ]


class WorkerTimeouts(Middleware):
    """Sets the timeouts of a worker, which reconnects soon after the broker was unreachable.

    dramatiq reads these values from the environment before our settings exist, so they are
    set on the worker while it boots.
    """

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Set the timeouts of one worker."""
        worker.worker_timeout = IDLE_TIMEOUT_MS
        dramatiq.worker.CONSUMER_RESTART_DELAY_SECS = 1
        dramatiq.worker.POST_PROCESS_MESSAGE_RETRY_DELAY_SECS = 1


class CloseStaleConnections(Middleware):
    """Closes database connections that are broken or too old, before and after each job."""

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        """Close a dead connection, so that the job opens a new one, also after a restart of PostgreSQL."""
        close_old_connections()
        close_dead_connection()

    def after_process_message(
        self, broker: Broker, message: MessageProxy, *, result: object = None, exception: BaseException | None = None
    ) -> None:
        """Close a broken connection before the next job."""
        close_old_connections()


class StripTracebacks(Middleware):
    """Keeps exception texts out of the broker, since they may quote an address."""

    def before_enqueue(self, broker: Broker, message: Message, delay: int | None) -> None:
        """Remove the traceback that the Retries middleware puts into a message."""
        message.options.pop("traceback", None)
