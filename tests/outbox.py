"""The mails and texts that a test sent through the demo provider, and those still to be sent."""

from django.utils import timezone

from tenants.devmail import store
from tenants.models import Delivery
from tenants.models.delivery import PENDING


class Outbox:
    """The mails and texts of one test, in the order they were sent."""

    def deliver_due(self) -> None:
        """Do what the workers would do now: carry every delivery that is due, through the real actor."""
        from workers.actors.deliveries import deliver

        due = Delivery.objects.filter(PENDING, due_at__lte=timezone.now()).order_by("due_at", "pk")
        for delivery_id in list(due.values_list("pk", flat=True)):
            deliver.fn(delivery_id=str(delivery_id))

    def sent(self, to: str = "") -> list[dict[str, str]]:
        """Return what was sent, to everybody or to one address."""
        return [message.to_dict() for message in reversed(store.list_messages(to=to))]

    def code(self, to: str) -> str:
        """Return the code in the newest message to an address that carries one."""
        return next(message.code for message in store.list_messages(to=to) if message.code)
