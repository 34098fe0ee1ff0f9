"""Dramatiq middleware of the workers: polling interval, database connections and error details."""

import logging

import dramatiq.worker
from django.db import close_old_connections
from dramatiq import Broker, Message, Middleware
from dramatiq.broker import MessageProxy
from dramatiq.middleware import Retries, ShutdownNotifications, SkipMessage, TimeLimit
from dramatiq.worker import Worker

from tenants import database_clock
from tenants.connections import close_dead_connection

log = logging.getLogger(__name__)

# Consumers block until a message arrives, so idle worker threads need to poll only this often.
IDLE_TIMEOUT_MS = 1_000


def build_middleware() -> list[Middleware]:
    """Return the complete list of middleware, which replaces the default one of dramatiq."""
    return [
        WorkerTimeouts(),
        CloseStaleConnections(),
        MessageAgeLimit(),
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


class MessageAgeLimit(Middleware):
    """Drops messages that have waited longer than their `max_age`, by the database's clock.

    dramatiq's own middleware compares the clock of the machine that enqueued a message with that of the worker.
    """

    @property
    def actor_options(self) -> set[str]:
        """Return the options that an actor may set."""
        return {"max_age"}

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        """Skip a message that is too old."""
        limit = message.options.get("max_age") or broker.get_actor(message.actor_name).options.get("max_age")
        if limit and database_clock.now().timestamp() * 1000 - message.message_timestamp >= limit:
            log.warning("message of %s is too old", message.actor_name)
            message.fail()
            raise SkipMessage("message is too old")


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
