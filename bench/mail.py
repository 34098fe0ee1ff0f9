"""What is there for workers to carry? Notices that a new browser signed in: rendered, sent and settled like any message."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from bench import businesses
from portal.messaging import services as messaging
from portal.messaging.models import Kind, Message
from tenants.context import use_business
from tenants.models import Business, Channel, Delivery, Lane

AT_ONCE = 5_000


def owe(business: Business, slug: str, lane: Lane, count: int) -> None:
    """Owe a business's clients so many notices."""
    now = timezone.now()
    with use_business(business):
        for start in range(0, count, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, count))
            messages = [_notice(businesses.address(slug, number), now) for number in numbers]
            Message.objects.bulk_create(messages)
            Delivery.objects.bulk_create(_debts(messages, lane, now))


def forget(lane: Lane) -> None:
    """Owe nobody anything any more."""
    owed = Delivery.objects.filter(lane=lane)
    owed._raw_delete(owed.db)


def _notice(to: str, now) -> Message:
    data = {"device": "Firefox on Linux", "at": now.isoformat()}
    return messaging.draft(Kind.NEW_BROWSER, channel=Channel.EMAIL, to=to, language="en", data=data, now=now)


def _debts(messages: list[Message], lane: Lane, now) -> Iterator[Delivery]:
    deadline = now + settings.NOTICE_LIFETIME
    return (messaging.delivery_for(message, lane=lane, deadline=deadline, now=now) for message in messages)
