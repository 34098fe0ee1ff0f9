"""The personal data policies of messages, conversations, notifications and suppressions."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal.clients.models import Contact
from portal.messaging.models import ChatMessage, Message, Suppression
from portal.messaging.notifications import services as notifications
from tenants.models import Delivery, DeliveryState
from tenants.nouns.personal_data_policies import PersonalDataPolicy, PersonIdentity


def _erase_messages(person: PersonIdentity, now: datetime) -> int:
    """Anonymise messages, and withdraw their pending deliveries."""
    messages = Message.objects.filter(Q(client__in=person.client_ids) | Q(to__in=person.addresses))
    void: dict[str, Any] = {"state": DeliveryState.VOID, "completed_at": now, "leased_until": None}
    ids = list(messages.values_list("pk", flat=True))
    Delivery.objects.filter(message_id__in=ids, completed_at=None).update(**void)
    Message.objects.filter(pk__in=ids).update(to="", data={}, language="", subject_id=None)
    return len(ids)


def _merge_chat_messages(survivor_id: uuid.UUID, duplicate_id: uuid.UUID, now: datetime) -> None:
    """Join the two conversations, so that only one message is marked as the latest."""
    ChatMessage.objects.filter(client=duplicate_id).update(client=survivor_id)
    last = ChatMessage.objects.filter(client=survivor_id).order_by("-written_at", "-pk").first()
    if last:
        ChatMessage.objects.filter(client=survivor_id, is_latest=True).exclude(pk=last.pk).update(is_latest=False)


def _erase_notifications(person: PersonIdentity, now: datetime) -> int:
    """Delete the notifications about the person, which name them."""
    return notifications.delete_notifications(subject_ids=person.client_ids)


def _erase_suppressions(person: PersonIdentity, now: datetime) -> int:
    """Delete the suppressions of addresses that no other client has, whether or not anybody has confirmed them."""
    others = Contact.objects.filter(value=OuterRef("value")).exclude(client__in=person.client_ids)
    addresses = person.addresses | person.shared_addresses
    return Suppression.objects.filter(~Exists(others), value__in=addresses).delete()[0]


POLICIES = (
    PersonalDataPolicy(
        "notifications",
        "messaging.Notification",
        moves_on_merge=False,
        erase=_erase_notifications,
        free_texts=("subject",),
        erasure_label=_("Notifications to your team"),
    ),
    PersonalDataPolicy(
        "suppressions",
        "messaging.Suppression",
        moves_on_merge=False,
        erase=_erase_suppressions,
        erasure_label=_("Blocked addresses"),
    ),
    PersonalDataPolicy(
        "messages",
        "messaging.Message",
        _("Messages sent"),
        excluded_columns=("subject_id",),
        erase=_erase_messages,
        free_texts=("data",),
        kept=_(
            "That emails and texts were sent and when, without address and content, because your costs depend on it."
        ),
    ),
    PersonalDataPolicy(
        "conversation",
        "messaging.ChatMessage",
        _("Conversation"),
        ordering="written_at",
        excluded_columns=("person_id", "is_latest"),
        merge=_merge_chat_messages,
        free_texts=("body",),
    ),
)
