"""How does a queue go on when what lies in RabbitMQ isn't a bell at all?"""

import logging
from typing import Any

from dramatiq.brokers.rabbitmq import RabbitmqBroker, _RabbitmqConsumer

from workers.broker_messages import is_valid_message

log = logging.getLogger(__name__)


class ResilientRabbitmqBroker(RabbitmqBroker):
    """dramatiq's RabbitMQ broker, with a consumer that sets aside what no worker could handle."""

    @property
    def consumer_class(self):
        """Return the consumer that worker threads use."""
        return ResilientRabbitmqConsumer


class ResilientRabbitmqConsumer(_RabbitmqConsumer):
    """Makes a dead letter of whatever isn't a proper bell of its queue, and goes on."""

    def __next__(self) -> Any:
        found = super().__next__()
        if found is None or is_valid_message(found._message, self.queue_name):
            return found
        self.nack(found)
        log.error("not a bell, put aside in %s", self.queue_name)
        return None
