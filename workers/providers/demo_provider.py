"""A provider that stores messages in the development outbox instead of sending them."""

from django.conf import settings

from tenants import database_clock
from tenants.devmail import sent_messages
from workers.providers.base import ACCEPTED, OutgoingMessage, SendResult


class DemoProvider:
    """Stores every message for the outbox page of the demo."""

    name = "demo"

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        """Store a message as a provider would send it."""
        sent_messages.save_sent_message(
            business=outgoing.portal_host.removesuffix(f".{settings.PORTAL_DOMAIN}"),
            channel=outgoing.channel,
            to=outgoing.to,
            subject=outgoing.subject,
            text=outgoing.text,
            html=outgoing.html,
            provider=self.name,
            at=database_clock.now(),
            attachments=outgoing.attachments,
        )
        return ACCEPTED
