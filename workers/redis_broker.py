"""How does a queue go on when what lies in Redis isn't a bell at all?

dramatiq's own consumer stops for seconds at bytes it can't read, forgets what it had
fetched beside them, and loses a thread to a message that names another queue.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

import redis
from dramatiq import Message
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.errors import ConnectionClosed, DecodeError

from workers.broker_messages import is_valid_message

log = logging.getLogger(__name__)


class ResilientRedisBroker(RedisBroker):
    """dramatiq's Redis broker, with a consumer that sets aside what it can't read."""

    @property
    def consumer_class(self):
        """Return the consumer that worker threads use."""
        return ResilientRedisConsumer

    def do_enqueue(self, queue_name: str, message_id: str, data: bytes) -> None:
        """Put a bell in its queue, and no more.

        dramatiq's script would note the ringer as a worker and, once it has been quiet for
        a heartbeat, look through every key there is for what it left behind.
        """
        name = f"{self.namespace}:{queue_name}"
        # One packet, what the bell says before its name, so no worker finds a name without words.
        with self.client.pipeline(transaction=False) as both:
            both.hset(f"{name}.msgs", mapping={message_id: data})
            both.rpush(name, message_id)
            both.execute()


def _timeout_as_closed(call: Callable) -> Callable:
    """Treat a Redis that doesn't answer like one that isn't there; dramatiq knows only the latter."""

    @wraps(call)
    def wrapper(*args: Any) -> Any:
        try:
            return call(*args)
        except redis.TimeoutError as error:
            raise ConnectionClosed(error) from None

    return wrapper


class ResilientRedisConsumer(_RedisConsumer):
    """Makes a dead letter of whatever isn't a proper bell of its queue, and goes on."""

    __next__ = _timeout_as_closed(_RedisConsumer.__next__)
    ack = _timeout_as_closed(_RedisConsumer.ack)
    nack = _timeout_as_closed(_RedisConsumer.nack)

    @property
    def message_cache(self) -> list[bytes | None]:
        """Return what was fetched and not yet handed to a worker thread."""
        return self._fetched

    @message_cache.setter
    def message_cache(self, fetched: list[bytes | None]) -> None:
        self._fetched = []
        for data in fetched:
            if self._is_valid(data):
                self._fetched.append(data)
            else:
                self._dead_letter(data)

    def _is_valid(self, data: bytes | None) -> bool:
        try:
            message: Message = Message.decode(data or b"")
        except DecodeError:
            return False
        return is_valid_message(message, self.queue_name) and "redis_message_id" in message.options

    def _dead_letter(self, data: bytes | None) -> None:
        """Make a dead letter of what we just fetched; its id isn't told with it, so look among those we hold."""
        broker = self.broker
        held = broker.client.smembers(f"{broker.namespace}:__acks__.{broker.broker_id}.{self.queue_name}")
        for message_id in held:
            if broker.client.hget(f"{broker.namespace}:{self.queue_name}.msgs", message_id) == data:
                broker.do_nack(self.queue_name, message_id)
        log.error("not a bell, put aside in %s", self.queue_name)
