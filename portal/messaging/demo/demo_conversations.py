"""The demo's conversations between clients and staff, some still unanswered."""

from datetime import datetime, timedelta

from portal.clients.models import Client
from portal.messaging.kinds import ConversationNotification
from portal.messaging.models import ChatMessage, ChatMessageSender, Notification
from tenants.models import Membership
from tenants.nouns.demo_business import DemoBusiness

# Each message: the sender, how many hours ago, and the text. A conversation whose last message is the client's
# awaits a reply.
Conversation = tuple[tuple[str, int, str], ...]
CONVERSATIONS: dict[str, dict[str, Conversation]] = {
    "acme": {
        "Ana Pereira": (
            ("client", 75, "Good morning! My knee is much better. Shall I go on with the exercises every day?"),
            ("staff", 73, "Good to hear. Every second day is enough from now on, and add the one with the band."),
            ("client", 72, "Will do, thank you!"),
            ("staff", 71, "You are welcome. See you on Thursday."),
        ),
        "Bo Lind": (
            ("client", 5, "Is there a free appointment on Tuesday before nine? I could also come on Wednesday."),
        ),
        "Chi Okafor": (
            ("staff", 30, "Your referral has come in. You don’t need to bring it any more."),
            ("client", 28, "Great. Do I have to bring my own towel?"),
        ),
    },
    "globex": {
        "Ana Pereira": (
            ("staff", 52, "The draft of the agreement is ready. Please read section four with care."),
            ("client", 49, "Read it. I have two questions about the notice period; could we talk this week?"),
            ("staff", 48, "Of course. I will call you on Friday at three."),
        ),
        "Bo Lind": (("client", 8, "The landlord has answered. Where shall I send his letter?"),),
    },
}


def seed_conversations(demo_business: DemoBusiness) -> None:
    """Insert the conversations of a demo business; no mail is sent for them."""
    for name, conversation in CONVERSATIONS[demo_business.slug].items():
        client = Client.objects.exclude_unlisted().get(name=name)
        ChatMessage.objects.bulk_create(_build_chat_messages(client, conversation, demo_business))
        if conversation[-1][0] == ChatMessageSender.CLIENT:
            _notify_staff(client, demo_business, at=demo_business.now - timedelta(hours=conversation[-1][1]))


def _build_chat_messages(client: Client, conversation: Conversation, demo_business: DemoBusiness) -> list[ChatMessage]:
    """Return the messages of one conversation; all are read except a last one that awaits a reply."""
    rows, staff = [], demo_business.staff
    for number, (sender, hours, body) in enumerate(conversation, start=1):
        at, is_latest = demo_business.now - timedelta(hours=hours), number == len(conversation)
        awaits_reply = is_latest and sender == ChatMessageSender.CLIENT
        author = {"person_id": staff.person_id, "person_name": staff.name} if sender == ChatMessageSender.STAFF else {}
        read_at = None if awaits_reply else at + timedelta(minutes=20)
        rows.append(
            ChatMessage(
                client=client, sender=sender, body=body, written_at=at, read_at=read_at, is_latest=is_latest, **author
            )
        )
    return rows


def _notify_staff(client: Client, demo_business: DemoBusiness, *, at: datetime) -> None:
    attributes = {
        "kind": ConversationNotification.NEW_MESSAGE,
        "subject": client.name,
        "subject_id": client.pk,
        "at": at,
    }
    people = Membership.objects.filter(business=demo_business.business).values_list("person", flat=True)
    Notification.objects.bulk_create(
        Notification(person_id=person_id, path=f"messages/{client.pk}/", **attributes) for person_id in people
    )
