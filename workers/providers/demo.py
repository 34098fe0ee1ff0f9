"""Where do mails and texts go when there is nobody to send them?"""

from django.conf import settings
from django.utils import timezone

from tenants.devbox import store
from workers.providers.base import ACCEPTED, Envelope, Outcome


class Demo:
    """Leaves every message where the demo's outbox page shows it."""

    name = "demo"

    def send(self, envelope: Envelope) -> Outcome:
        """Leave a message, as it would look on its way."""
        store.leave(
            business=envelope.portal_host.removesuffix(f".{settings.PORTAL_DOMAIN}"),
            channel=envelope.channel,
            to=envelope.to,
            subject=envelope.subject,
            text=envelope.text,
            html=envelope.html,
            provider=self.name,
            at=timezone.now(),
        )
        return ACCEPTED
