"""Enqueueing many messages in two statements."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from portal.messaging import services as messaging
from portal.messaging.models import Message
from tenants.models import Delivery, Queue

BATCH_SIZE = 1000


def bulk_enqueue_messages(messages: Sequence[Message], *, now: datetime) -> None:
    """Save messages and their pending deliveries, in the caller's transaction. The sweeper dispatches them."""
    deadline = now + settings.NOTIFICATION_LIFETIME
    deliveries = [
        messaging.build_delivery(message, queue=Queue.NOTICES, deadline=deadline, now=now) for message in messages
    ]
    Message.objects.bulk_create(messages, batch_size=BATCH_SIZE)
    Delivery.objects.bulk_create(deliveries, batch_size=BATCH_SIZE)
