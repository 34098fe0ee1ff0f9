"""What do messages, the conversation and the contact form keep of a person?"""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.cards.holdings import Holding, Keys
from portal.cards.kept.card import only_theirs
from portal.clients.models import Client
from portal.intake.models import Enquiry
from portal.messaging.models import ChatMessage, Message, Notification
from tenants.models import Delivery, DeliveryState


def _erase_messages(keys: Keys, now: datetime) -> None:
    """Keep that a message went out; forget to whom and what it said, and withdraw what is still owed."""
    messages = Message.objects.filter(Q(client__in=keys) | Q(client=None, to__in=only_theirs(keys)))
    void: dict[str, Any] = {"state": DeliveryState.VOID, "completed_at": now, "leased_until": None}
    ids = list(messages.values_list("pk", flat=True))
    Delivery.objects.filter(message_id__in=ids, completed_at=None).update(**void)
    Message.objects.filter(pk__in=ids).update(to="", data={}, language="", subject_id=None)


def _merge_lines(kept: Client, gone: Client, now: datetime) -> None:
    """Make one conversation of two; only its very last line is the last."""
    ChatMessage.objects.filter(client=gone).update(client=kept)
    last = ChatMessage.objects.filter(client=kept).order_by("-written_at", "-pk").first()
    if last:
        ChatMessage.objects.filter(client=kept, is_latest=True).exclude(pk=last.pk).update(is_latest=False)


def _erase_lines(keys: Keys, now: datetime) -> None:
    """Delete the conversation, and what the notice centre says of it by name."""
    Notification.objects.filter(subject_id__in=keys).delete()
    ChatMessage.objects.filter(client__in=keys).delete()


def _erase_enquiries(keys: Keys, now: datetime) -> None:
    """Delete forms of these cards, and those on nobody's card that bear their name or an address only they have."""
    values, names = only_theirs(keys), list(Client.objects.filter(pk__in=keys).values_list("name", flat=True))
    nobodys = Q(email__in=values) | Q(mobile__in=values) | Q(name__in=names)
    sent = Enquiry.objects.filter(Q(client__in=keys) | Q(nobodys, client=None))
    Notification.objects.filter(subject_id__in=list(sent.values_list("pk", flat=True))).delete()
    sent.delete()


MESSAGES = Holding("messages", _("Messages sent"), "messaging.Message", left_out=("subject_id",), erase=_erase_messages)
LINES = Holding(
    "conversation",
    _("Conversation"),
    "messaging.ChatMessage",
    order="written_at",
    left_out=("person_id", "is_latest"),
    merge=_merge_lines,
    erase=_erase_lines,
)
SUBMISSIONS = Holding(
    "enquiries",
    _("Sent by form"),
    "intake.Enquiry",
    order="received_at",
    left_out=("idempotency_key", "reader_name"),
    erase=_erase_enquiries,
)
