"""What clients and staff do in the messaging tests: write, and have their messages delivered after some time."""

from datetime import datetime, timedelta

import time_machine
from django.utils import timezone

from portal.clients.models import Client
from portal.messaging.conversations import services as conversations
from portal.messaging.models import ChatMessage
from tenants.models import Delivery, Membership
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory

ANA = "ana@example.com"
AFTER_MAIL_DELAY = timedelta(minutes=5, seconds=1)


def create_listed_client(name: str = "Ana Pereira", email: str | None = ANA, **fields) -> Client:
    """Put somebody on the list of the business at hand."""
    return ClientFactory(name=name, email=email, **fields)


def build_staff_actor(membership: Membership) -> StaffActor:
    """Return a colleague as services know them."""
    return StaffActor(membership.person_id, membership.person.name, "127.0.0.1")


def write_chat_message(
    client: Client, body: str = "Hello", *, by: Membership | None = None, at: datetime | None = None
) -> ChatMessage:
    """Have a client write, or a colleague to them."""
    staff = build_staff_actor(by) if by else None
    return conversations.send_chat_message(client=client, body=body, staff=staff, now=at or timezone.now())


def deliver_due(outbox, after: timedelta = AFTER_MAIL_DELAY) -> list[dict]:
    """Let some time pass, have all that is due by then delivered, and return everything that was sent so far."""
    with time_machine.travel(timezone.now() + after, tick=False):
        outbox.deliver_due()
    return outbox.sent()


def count_pending_deliveries() -> int:
    """Return how many mails and texts are still to leave."""
    return Delivery.objects.filter(completed_at=None).count()
