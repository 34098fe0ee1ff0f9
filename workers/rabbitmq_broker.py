"""A RabbitMQ broker that moves invalid messages to the dead-letter queue instead of stopping."""

import logging
from typing import Any

from dramatiq.brokers.rabbitmq import RabbitmqBroker, _RabbitmqConsumer

from workers.broker_messages import is_valid_message

log = logging.getLogger(__name__)


class ResilientRabbitmqBroker(RabbitmqBroker):
    """The RabbitMQ broker of dramatiq with a consumer that dead-letters invalid messages."""

    @property
    def consumer_class(self):
        """Return the consumer that worker threads use."""
        return ResilientRabbitmqConsumer


class ResilientRabbitmqConsumer(_RabbitmqConsumer):
    """Consumes one queue and dead-letters whatever is no valid message of it."""

    def __next__(self) -> Any:
        message = super().__next__()
        if message is None or is_valid_message(message._message, self.queue_name):
            return message
        self.nack(message)
        log.error("invalid message dead-lettered in %s", self.queue_name)
        return None
