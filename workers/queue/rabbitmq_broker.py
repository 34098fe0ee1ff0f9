"""A RabbitMQ broker that moves invalid messages to the dead-letter queue instead of stopping."""

import logging
from typing import Any

from dramatiq.brokers.rabbitmq import RabbitmqBroker, _RabbitmqConsumer

from workers.queue.message_validation import is_valid_message

# How often a consumer sends the acknowledgements of finished messages; it gets new ones at once.
ACK_INTERVAL_MS = 50

log = logging.getLogger(__name__)


class ResilientRabbitmqBroker(RabbitmqBroker):
    """The RabbitMQ broker of dramatiq with a consumer that dead-letters invalid messages."""

    @property
    def consumer_class(self):
        """Return the consumer that worker threads use."""
        return ResilientRabbitmqConsumer

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = ACK_INTERVAL_MS) -> Any:
        """Return a consumer that sends acknowledgements often, whatever the worker's own timeout."""
        return super().consume(queue_name, prefetch, min(timeout, ACK_INTERVAL_MS))


class ResilientRabbitmqConsumer(_RabbitmqConsumer):
    """Consumes one queue and dead-letters whatever is no valid message of it."""

    def __next__(self) -> Any:
        message = super().__next__()
        if message is None or is_valid_message(message._message, self.queue_name):
            return message
        self.nack(message)
        log.error("invalid message dead-lettered in %s", self.queue_name)
        return None
