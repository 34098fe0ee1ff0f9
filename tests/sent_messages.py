"""Delivers what is due and reads what the demo's provider sent."""

from typing import Any

from django.utils import timezone

from tenants.devmail import sent_messages
from tenants.models import Delivery
from tenants.models.delivery import PENDING


class SentMessages:
    """The emails and text messages of one test, in the order they were sent."""

    def deliver_due(self) -> None:
        """Send every delivery that is due, through the workers' own actor."""
        from workers.actors.delivery_jobs import deliver

        due = Delivery.objects.filter(PENDING, due_at__lte=timezone.now()).order_by("due_at", "pk")
        for delivery_id in list(due.values_list("pk", flat=True)):
            deliver.fn(delivery_id=str(delivery_id))

    def sent(self, to: str = "") -> list[dict[str, Any]]:
        """Return the messages that were sent, to everybody or to one address."""
        return [message.to_dict() for message in reversed(sent_messages.list_sent_messages(to=to))]

    def code(self, to: str) -> str:
        """Return the code in the newest message with a code to an address."""
        return next(message.code for message in sent_messages.list_sent_messages(to=to) if message.code)
