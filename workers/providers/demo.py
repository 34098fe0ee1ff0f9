"""Where do mails and texts go when there is nobody to send them?"""

from django.conf import settings
from django.utils import timezone

from tenants.devbox import store
from workers.providers.base import ACCEPTED, OutgoingMessage, SendResult


class DemoProvider:
    """Leaves every message where the demo's outbox page shows it."""

    name = "demo"

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        """Leave a message, as it would look on its way."""
        store.leave(
            business=outgoing.portal_host.removesuffix(f".{settings.PORTAL_DOMAIN}"),
            channel=outgoing.channel,
            to=outgoing.to,
            subject=outgoing.subject,
            text=outgoing.text,
            html=outgoing.html,
            provider=self.name,
            at=timezone.now(),
        )
        return ACCEPTED
