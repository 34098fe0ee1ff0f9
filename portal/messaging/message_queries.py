"""Find the mails and texts that a business sent its clients."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from portal.messaging.models import Message
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key
from tenants.models import Channel, DeliveryState
from tenants.nouns import registry

NEWEST_FIRST = Keyset({"created_at": parse_cursor_instant, "pk": parse_cursor_key})


@dataclass(frozen=True)
class MessageFilter:
    """The filter of a list of messages; an empty field filters nothing."""

    client_id: UUID | None = None
    kind: str = ""
    channel: Channel | None = None
    state: DeliveryState | None = None


def list_client_message_kinds() -> list[str]:
    """Return the keys of the kinds that are sent to clients."""
    return [key for key, kind in registry.get_message_kinds().items() if not kind.is_to_staff]


def filter_messages(message_filter: MessageFilter) -> QuerySet[Message]:
    """Return the messages to clients that match, the newest first, without those that had nobody to be sent to."""
    sent = Message.objects.exclude_demo().exclude(to="").filter(kind__in=list_client_message_kinds())
    conditions = {
        "client": message_filter.client_id,
        "kind": message_filter.kind,
        "channel": message_filter.channel,
        "state": message_filter.state,
    }
    sent = sent.filter(**{name: value for name, value in conditions.items() if value})
    return sent.select_related("client").order_by(*NEWEST_FIRST.ordering())
