"""Pending deliveries for workers to send: messages that tell a client of a sign-in from a new browser."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from bench import sample_businesses
from portal.access.kinds import AccessMessageKind
from portal.messaging import services as messaging
from portal.messaging.models import Message
from tenants.context import use_business
from tenants.models import Business, Channel, Delivery, Queue

BATCH = 5_000


def create_deliveries(business: Business, slug: str, queue: Queue, count: int) -> None:
    """Create `count` pending deliveries to clients of a business."""
    now = timezone.now()
    with use_business(business):
        for start in range(0, count, BATCH):
            numbers = range(start, min(start + BATCH, count))
            messages = [
                _build_new_browser_mail(sample_businesses.build_client_email(slug, number), now) for number in numbers
            ]
            Message.objects.bulk_create(messages)
            Delivery.objects.bulk_create(_build_deliveries(messages, queue, now))


def delete_deliveries(queue: Queue) -> None:
    """Delete all deliveries of a queue."""
    Delivery.objects.filter(queue=queue).delete()


def _build_new_browser_mail(to: str, now) -> Message:
    data = {"device": "Firefox on Linux", "at": now.isoformat()}
    return messaging.build_message(
        AccessMessageKind.NEW_BROWSER, channel=Channel.EMAIL, to=to, language="en", data=data, now=now
    )


def _build_deliveries(messages: list[Message], queue: Queue, now) -> Iterator[Delivery]:
    deadline = now + settings.NOTIFICATION_LIFETIME
    return (messaging.build_delivery(message, queue=queue, deadline=deadline, now=now) for message in messages)
