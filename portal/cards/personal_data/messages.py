"""Personal data policies for messages, conversations and enquiries."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.cards.personal_data.client_list import find_exclusive_addresses
from portal.cards.personal_data.policies import ClientIds, PersonalDataPolicy
from portal.clients.models import Client
from portal.intake.models import Enquiry
from portal.messaging.models import ChatMessage, Message, Notification
from tenants.models import Delivery, DeliveryState


def _erase_messages(client_ids: ClientIds, now: datetime) -> None:
    """Anonymise messages, and withdraw their pending deliveries."""
    is_unnamed = Q(client=None, to__in=find_exclusive_addresses(client_ids))
    messages = Message.objects.filter(Q(client__in=client_ids) | is_unnamed)
    void: dict[str, Any] = {"state": DeliveryState.VOID, "completed_at": now, "leased_until": None}
    ids = list(messages.values_list("pk", flat=True))
    Delivery.objects.filter(message_id__in=ids, completed_at=None).update(**void)
    Message.objects.filter(pk__in=ids).update(to="", data={}, language="", subject_id=None)


def _merge_chat_messages(survivor: Client, duplicate: Client, now: datetime) -> None:
    """Join the two conversations, so that only one message is marked as the latest."""
    ChatMessage.objects.filter(client=duplicate).update(client=survivor)
    last = ChatMessage.objects.filter(client=survivor).order_by("-written_at", "-pk").first()
    if last:
        ChatMessage.objects.filter(client=survivor, is_latest=True).exclude(pk=last.pk).update(is_latest=False)


def _erase_chat_messages(client_ids: ClientIds, now: datetime) -> None:
    """Delete the conversation, and the notifications that name the client."""
    Notification.objects.filter(subject_id__in=client_ids).delete()
    ChatMessage.objects.filter(client__in=client_ids).delete()


def _erase_enquiries(client_ids: ClientIds, now: datetime) -> None:
    """Delete these clients' enquiries, and unassigned ones with their name or an address that only they have."""
    values = find_exclusive_addresses(client_ids)
    names = list(Client.objects.filter(pk__in=client_ids).values_list("name", flat=True))
    is_theirs = Q(email__in=values) | Q(mobile__in=values) | Q(name__in=names)
    enquiries = Enquiry.objects.filter(Q(client__in=client_ids) | Q(is_theirs, client=None))
    Notification.objects.filter(subject_id__in=list(enquiries.values_list("pk", flat=True))).delete()
    enquiries.delete()


SENT_MESSAGES = PersonalDataPolicy(
    "messages", _("Messages sent"), "messaging.Message", excluded_columns=("subject_id",), erase=_erase_messages
)
CHAT_MESSAGES = PersonalDataPolicy(
    "conversation",
    _("Conversation"),
    "messaging.ChatMessage",
    ordering="written_at",
    excluded_columns=("person_id", "is_latest"),
    merge=_merge_chat_messages,
    erase=_erase_chat_messages,
)
ENQUIRIES = PersonalDataPolicy(
    "enquiries",
    _("Enquiries"),
    "intake.Enquiry",
    ordering="received_at",
    excluded_columns=("idempotency_key", "reader_name"),
    erase=_erase_enquiries,
)
