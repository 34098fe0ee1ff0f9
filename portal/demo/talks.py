"""What have the demo's clients and staff said to each other, and what still waits for an answer?"""

from datetime import datetime, timedelta

from portal.clients.models import Client
from portal.messaging.models import ChatMessage, Notification, NotificationKind
from tenants.models import Business, Membership
from tenants.staff.actor import Staff

# Each talk: who said what, and how many hours ago. A talk that the client ends waits for an answer.
Talk = tuple[tuple[str, int, str], ...]
TALKS: dict[str, tuple[Talk, ...]] = {
    "acme": (
        (
            ("client", 75, "Good morning! My knee is much better. Shall I go on with the exercises every day?"),
            ("staff", 73, "Good to hear. Every second day is enough from now on, and add the one with the band."),
            ("client", 72, "Will do, thank you!"),
            ("staff", 71, "You are welcome. See you on Thursday."),
        ),
        (("client", 5, "Is there a free appointment on Tuesday before nine? I could also come on Wednesday."),),
        (
            ("staff", 30, "Your referral has come in. You don’t need to bring it any more."),
            ("client", 28, "Great. Do I have to bring my own towel?"),
        ),
    ),
    "globex": (
        (
            ("staff", 52, "The draft of the agreement is ready. Please read section four with care."),
            ("client", 49, "Read it. I have two questions about the notice period; could we talk this week?"),
            ("staff", 48, "Of course. I will call you on Friday at three."),
        ),
        (("client", 8, "The landlord has answered. Where shall I send his letter?"),),
    ),
}


def write_talks(slug: str, listed: list[Client], *, business: Business, desk: Staff, now: datetime) -> None:
    """Write the conversations of the business whose schema this thread works in; no mail is sent for them."""
    talkers = [client for client in listed if client.status == Client.Status.ACTIVE]
    for client, talk in zip(talkers, TALKS[slug], strict=False):
        ChatMessage.objects.bulk_create(_lines(client, talk, desk, now))
        if talk[-1][0] == ChatMessage.Sender.CLIENT:
            _ring(client, business, at=now - timedelta(hours=talk[-1][1]))


def _lines(client: Client, talk: Talk, desk: Staff, now: datetime) -> list[ChatMessage]:
    """Return the lines of one talk; all is read but what waits at its end."""
    lines = []
    for number, (side, hours, body) in enumerate(talk, start=1):
        at, is_latest = now - timedelta(hours=hours), number == len(talk)
        waits = is_latest and side == ChatMessage.Sender.CLIENT
        who = {"person_id": desk.person_id, "person_name": desk.name} if side == ChatMessage.Sender.STAFF else {}
        read_at = None if waits else at + timedelta(minutes=20)
        lines.append(
            ChatMessage(
                client=client, sender=side, body=body, written_at=at, read_at=read_at, is_latest=is_latest, **who
            )
        )
    return lines


def _ring(client: Client, business: Business, *, at: datetime) -> None:
    facts = {"kind": NotificationKind.NEW_MESSAGE, "subject": client.name, "subject_id": client.pk, "at": at}
    people = Membership.objects.filter(business=business).values_list("person", flat=True)
    Notification.objects.bulk_create(
        Notification(person_id=one, path=f"messages/{client.pk}/", **facts) for one in people
    )
