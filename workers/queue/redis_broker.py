"""A Redis broker that moves invalid messages to the dead-letter queue instead of stopping.

The consumer of dramatiq stops for seconds at bytes it can't decode, loses the messages it fetched
together with them, and loses a thread to a message that names another queue.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

import redis
from dramatiq import Message
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.errors import ConnectionClosed, DecodeError

from workers.queue.message_validation import is_valid_message

# How long a consumer blocks at most; then it sends a heartbeat and checks whether its worker is stopping.
WAIT_SECONDS = 0.5

log = logging.getLogger(__name__)


class ResilientRedisBroker(RedisBroker):
    """The Redis broker of dramatiq with a consumer that dead-letters invalid messages."""

    @property
    def consumer_class(self):
        """Return the consumer that worker threads use."""
        return ResilientRedisConsumer

    def do_enqueue(self, queue_name: str, message_id: str, data: bytes) -> None:
        """Add a message to its queue without the bookkeeping that dramatiq does for workers.

        Its script would register the sender as a worker and, once that sent no heartbeat for a
        while, scan every key for unfinished messages of it.
        """
        name = f"{self.namespace}:{queue_name}"
        # One packet, the body before the id, so that no worker finds an id without a body.
        with self.client.pipeline(transaction=False) as pipeline:
            pipeline.hset(f"{name}.msgs", mapping={message_id: data})
            pipeline.rpush(name, message_id)
            pipeline.execute()


def _timeout_as_closed(call: Callable) -> Callable:
    """Turn a time-out into ConnectionClosed, the only connection error that dramatiq handles."""

    @wraps(call)
    def wrapper(*args: Any) -> Any:
        try:
            return call(*args)
        except redis.TimeoutError as error:
            raise ConnectionClosed(error) from None

    return wrapper


class ResilientRedisConsumer(_RedisConsumer):
    """Consumes one queue and dead-letters whatever is no valid message of it."""

    @_timeout_as_closed
    def __next__(self) -> Any:
        """Wait for a message and return it, or None after WAIT_SECONDS without one."""
        if not self.message_cache and self.outstanding_message_count < self.prefetch:
            self._wait_for_queued_message()
        return super().__next__()

    ack = _timeout_as_closed(_RedisConsumer.ack)
    nack = _timeout_as_closed(_RedisConsumer.nack)

    def _wait_for_queued_message(self) -> None:
        """Block until the queue holds a message: moving its first one to where it is changes nothing.

        The default consumer polls 20 times a second or keeps a message waiting. Resetting `misses`
        makes it fetch at once and sleep 5 ms at most.
        """
        name = f"{self.broker.namespace}:{self.queue_name}"
        try:
            self.broker.client.blmove(name, name, WAIT_SECONDS, "LEFT", "LEFT")
        except redis.ConnectionError as error:
            raise ConnectionClosed(error) from None
        self.misses = 0

    @property
    def message_cache(self) -> list[bytes | None]:
        """Return the messages fetched and not yet passed to a worker thread."""
        return self._fetched

    @message_cache.setter
    def message_cache(self, fetched: list[bytes | None]) -> None:
        self._fetched = []
        for data in fetched:
            if self._is_valid_payload(data):
                self._fetched.append(data)
            else:
                self._dead_letter(data)

    def _is_valid_payload(self, data: bytes | None) -> bool:
        try:
            message: Message = Message.decode(data or b"")
        except DecodeError:
            return False
        return is_valid_message(message, self.queue_name) and "redis_message_id" in message.options

    def _dead_letter(self, data: bytes | None) -> None:
        """Dead-letter a fetched message. It comes without its id, so look it up among the unacknowledged ones."""
        broker = self.broker
        unacknowledged = broker.client.smembers(f"{broker.namespace}:__acks__.{broker.broker_id}.{self.queue_name}")
        for message_id in unacknowledged:
            if broker.client.hget(f"{broker.namespace}:{self.queue_name}.msgs", message_id) == data:
                broker.do_nack(self.queue_name, message_id)
        log.error("invalid message dead-lettered in %s", self.queue_name)
