"""The dramatiq brokers, Redis or RabbitMQ as `BROKER_URL` selects, with their settings.

A broker may lose a message. No delivery is lost, delayed or sent twice by that, because the outbox row in
PostgreSQL says what must be sent; a message in the broker only wakes a worker.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from dramatiq import Broker, Middleware
from dramatiq.errors import BrokerError

from tenants.models import Queue

# For worker processes. The web process and the sweeper wait far less, see enqueueing.py.
TIMEOUT_SECONDS = 5.0
HEARTBEAT_MS = 15_000
MAX_PRIORITY = 3


def _broker_errors() -> tuple[type[Exception], ...]:
    """Return the exceptions that an unreachable broker raises, without importing the client library not in use."""
    if urlsplit(settings.BROKER_URL).scheme.startswith("amqp"):
        from pika.adapters.utils.connection_workflow import AMQPConnectorException
        from pika.exceptions import AMQPError

        # A handshake that takes too long raises an error of the connector, which is no AMQPError.
        return BrokerError, AMQPError, AMQPConnectorException, OSError
    from redis.exceptions import RedisError

    return BrokerError, RedisError, OSError


BROKER_ERRORS = _broker_errors()


def build_broker(*, timeout: float = TIMEOUT_SECONDS, middleware: Sequence[Middleware] = ()) -> Broker:
    """Return a new broker for `BROKER_URL`; a call to it fails after about `timeout` seconds.

    Workers add their middleware.
    """
    scheme = urlsplit(settings.BROKER_URL).scheme
    builders = {
        "redis": _build_redis_broker,
        "rediss": _build_redis_broker,
        "unix": _build_redis_broker,
        "amqp": _build_rabbitmq_broker,
        "amqps": _build_rabbitmq_broker,
    }
    if scheme not in builders:
        raise ImproperlyConfigured("BROKER_URL begins with redis://, rediss://, unix://, amqp:// or amqps://.")
    broker = builders[scheme](timeout, list(middleware))
    for queue in Queue:
        broker.declare_queue(queue.value)
    return broker


def get_queue_length(broker: Any, queue: Queue) -> int:
    """Return how many messages wait in a queue."""
    if urlsplit(settings.BROKER_URL).scheme.startswith("amqp"):
        return broker.get_queue_message_counts(queue.value)[0]
    return broker.client.llen(f"{broker.namespace}:{queue.value}")


def _build_redis_broker(timeout: float, middleware: list[Middleware]) -> Broker:
    """Build a Redis broker.

    The defaults take up to 188 ms to fetch a message, and minutes to redeliver those of a dead worker.
    """
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    from workers.queue.redis_broker import ResilientRedisBroker

    client = redis.Redis.from_url(
        settings.BROKER_URL,
        socket_connect_timeout=timeout,
        socket_timeout=timeout,
        socket_keepalive=True,
        # One retry, in case only a pooled connection was dead.
        retry=Retry(NoBackoff(), 1),
    )
    return ResilientRedisBroker(
        client=client,
        middleware=middleware,
        # Every command looks for messages of dead workers; with few workers that costs microseconds.
        maintenance_chance=1_000_000,
        heartbeat_timeout=HEARTBEAT_MS,
    )


def _build_rabbitmq_broker(timeout: float, middleware: list[Middleware]) -> Broker:
    """Build a RabbitMQ broker with confirmed publishing.

    Priorities are declared from the start: those of an existing queue can't change.
    """
    from workers.queue.rabbitmq_broker import ResilientRabbitmqBroker

    broker = ResilientRabbitmqBroker(
        url=settings.BROKER_URL, middleware=middleware, confirm_delivery=True, max_priority=MAX_PRIORITY
    )
    parameters: Any = broker.parameters
    parameters.socket_timeout = parameters.stack_timeout = max(timeout, 1.0)
    parameters.blocked_connection_timeout = max(timeout, 1.0)
    parameters.connection_attempts = 1
    return broker
