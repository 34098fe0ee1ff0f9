"""What did the demo's provider send, and what is still to be sent?"""

import json
import re
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from tenants.models import Delivery
from tenants.models.delivery import OWED

CODE = re.compile(r"(?<!\d)\d{6}(?:\d{2})?(?!\d)")


class Outbox:
    """The mails and texts of one test, in the order they were sent."""

    def deliver_due(self) -> None:
        """Do what the workers would do now: carry every delivery that is due, through the real actor."""
        from workers.actors.deliver import deliver

        due = Delivery.objects.filter(OWED, due_at__lte=timezone.now()).order_by("due_at", "pk")
        for delivery_id in list(due.values_list("pk", flat=True)):
            deliver.fn(delivery_id=str(delivery_id))

    def sent(self, to: str | None = None) -> list[dict]:
        """Return what was sent, to everybody or to one address."""
        messages = [json.loads(path.read_text()) for path in Path(settings.DEMO_OUTBOX_DIR).glob("**/*.json")]
        messages.sort(key=lambda message: message["at"])
        return [message for message in messages if to is None or message["to"] == to]

    def code(self, to: str) -> str:
        """Return the code in the newest message to an address."""
        return CODE.search(self.sent(to)[-1]["text"]).group()
