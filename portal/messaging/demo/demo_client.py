"""The demo client's conversation with the business."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from portal.clients.models import Client
from portal.messaging.models import ChatMessage, ChatMessageSender

# The key of no person: the business itself is the writer.
NO_PERSON_ID = UUID(int=0)


def seed_demo_client(client: Client, now: datetime) -> None:
    """Give the demo client a short conversation, the latest message of which they have not read."""
    ChatMessage.objects.bulk_create(
        [
            ChatMessage(
                client=client,
                sender=ChatMessageSender.CLIENT,
                body=_("Hello! Can I come half an hour later on Monday?"),
                written_at=now - timedelta(days=2),
                read_at=now - timedelta(days=2),
                is_latest=False,
            ),
            ChatMessage(
                client=client,
                sender=ChatMessageSender.STAFF,
                person_id=NO_PERSON_ID,
                body=_("Yes, no problem. See you on Monday."),
                written_at=now - timedelta(days=1),
            ),
        ]
    )
