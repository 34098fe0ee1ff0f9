"""How do a client and the business talk, who has read what, and who is mailed about it?"""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients.models import Client, Contact
from portal.clients.models.contact import MAIN_FIRST
from portal.messaging import services as messaging
from portal.messaging.models import LONGEST, WAITS, Kind, Line, Message, NoticeKind
from portal.messaging.notices import services as notices
from tenants.models import Channel, Queue
from tenants.staff.actor import Staff

Side = Line.Side
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class LineRefused(Exception):
    """This can't be written. Says why, in words for people."""


class TooMuchWritten(LineRefused):
    """The client has written their share for now."""

    def __init__(self, retry_at: datetime):
        super().__init__(_("You have written a lot in a short time. Please wait a little before you write again."))
        self.retry_at = retry_at


@transaction.atomic
def write(*, client: Client, body: str, staff: Staff | None = None, now: datetime) -> Line:
    """Add what a client, or staff, wrote to their conversation, and see that the other side hears of it.

    Raises LineRefused, and TooMuchWritten of a client only.
    """
    body = _clean(body)
    # Held, so that what is counted, last and mailed stays true while others write here.
    client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    _check(client, staff, now)
    Line.objects.filter(client=client, is_last=True).update(is_last=False)
    if staff:
        mark_read(client=client, side=Side.STAFF, now=now)
    line = Line.objects.create(client=client, body=body, written_at=now, **_writer(staff))
    who = activity.actor_fields(staff) if staff else {"actor": Entry.Actor.CLIENT}
    activity.record(EventType.CHAT_MESSAGE_SENT, at=now, client=client, subject_id=line.pk, **who)
    if staff:
        _tell_client(client, now=now)
    else:
        _tell_staff(client, now=now)
    return line


def mark_read(*, client: Client, side: Side, now: datetime) -> int:
    """Mark what the other side wrote as read by this one; return how many lines were new."""
    return Line.objects.filter(client=client).unread_by(side).update(read_at=now)


def unread_of(client: Client) -> QuerySet[Line]:
    """Return what a client wrote and nobody at the business has read."""
    return Line.objects.filter(client=client).unread_by(Side.STAFF)


def mark_seen(*, client: Client, person_id: UUID, now: datetime) -> None:
    """Mark a client's lines as read by the business, and what one person was told of them, in one statement."""
    sql = """
        WITH told AS (
            UPDATE messaging_notice SET read_at = %(now)s
             WHERE person_id = %(person)s AND kind = %(kind)s AND about_id = %(client)s AND read_at IS NULL
        )
        UPDATE messaging_line SET read_at = %(now)s WHERE client_id = %(client)s AND side = %(side)s AND read_at IS NULL
    """
    facts = {"kind": str(NoticeKind.NEW_MESSAGE), "side": str(Side.CLIENT)}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"now": now, "person": person_id, "client": client.pk, **facts})


def lines_of(client: Client, *, before: Line | None = None) -> QuerySet[Line]:
    """Return a conversation, the newest line first, or what was said before a line."""
    lines = Line.objects.filter(client=client).order_by("-written_at", "-pk")
    if before is None:
        return lines
    return lines.filter(Q(written_at__lt=before.written_at) | Q(written_at=before.written_at, pk__lt=before.pk))


def inbox(*, search: str = "", person_id: UUID | None = None) -> QuerySet[Line]:
    """Return the last line of every conversation with its client, unread ones first, then the latest.

    `search` looks in names, addresses and all that was said; `person_id` keeps those that person wrote in.
    """
    last = Line.objects.filter(is_last=True, client__in=Client.objects.listed()).select_related("client")
    for word in search.split()[:8]:
        said = Line.objects.filter(client=OuterRef("client"), body__iregex=re.escape(word))
        last = last.filter(Q(client__search__icontains=word) | Q(client__name__icontains=word) | Exists(said))
    if person_id:
        last = last.filter(Exists(Line.objects.filter(client=OuterRef("client"), side=Side.STAFF, person_id=person_id)))
    return last.annotate(waits=WAITS).order_by(F("waits").desc(), F("written_at").desc(), F("pk").desc())


def mailbox(client: Client) -> str:
    """Return the address a client is written to, or an empty string."""
    own = client.contacts.filter(kind=Contact.Kind.EMAIL, may_sign_in=True).order_by(*MAIN_FIRST)
    return own.values_list("value", flat=True).first() or ""


def particulars(message: Message) -> dict[str, Any] | None:
    """Return what the mail to a client says; None when they have read everything, or may not read it any more."""
    client = Client.objects.active().filter(pk=message.client_id, contacts__value=message.to).first()
    if client is None:
        return None
    count = Line.objects.filter(client=client).unread_by(Side.CLIENT).count()
    return {"count": count} if count else None


def _clean(body: str) -> str:
    """Return a text as it is kept: without what no keyboard writes. Raises LineRefused."""
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")).strip()
    if not any(unicodedata.category(sign)[0] not in "CZ" for sign in text):
        raise LineRefused(_("Please write something first."))
    if len(text) > LONGEST:
        raise LineRefused(_("This is too long: a message may have %(number)d characters.") % {"number": LONGEST})
    return text


def _check(client: Client, staff: Staff | None, now: datetime) -> None:
    """Refuse what nobody may write, or nobody would read."""
    if client.status != Client.Status.ACTIVE:
        raise LineRefused(_("This client can’t use the portal now, so they couldn’t read it."))
    if staff:
        return
    written = Line.objects.filter(client=client, side=Side.CLIENT)
    for span, most in ((HOUR, settings.CHAT_MESSAGES_PER_HOUR), (DAY, settings.CHAT_MESSAGES_PER_DAY)):
        recent = written.filter(written_at__gt=now - span).order_by("-written_at").values_list("written_at", flat=True)
        if oldest := list(recent[most - 1 : most]):
            raise TooMuchWritten(oldest[0] + span)


def _writer(staff: Staff | None) -> dict[str, Any]:
    if staff is None:
        return {"side": Side.CLIENT}
    return {"side": Side.STAFF, "person_id": staff.person_id, "person_name": staff.name}


def _tell_client(client: Client, *, now: datetime) -> None:
    """Owe the client one mail for all that is written until it leaves."""
    to = mailbox(client)
    if (
        client.is_demo
        or not to
        or messaging.lock_queued(Kind.NEW_MESSAGE, now=now).filter(client=client, to=to).exists()
    ):
        return
    due_at = now + settings.CHAT_EMAIL_DELAY
    message = messaging.draft(
        Kind.NEW_MESSAGE, channel=Channel.EMAIL, to=to, client=client, language=client.language, now=now
    )
    deadline = due_at + settings.NOTIFICATION_LIFETIME
    messaging.post(message, queue=Queue.NOTICES, due_at=due_at, deadline=deadline, now=now)


def _tell_staff(client: Client, *, now: datetime) -> None:
    facts: dict[str, Any] = {"subject": client.name, "page": "thread", "pk": client.pk, "client": client}
    notices.tell(NoticeKind.NEW_MESSAGE, **facts, after=settings.CHAT_EMAIL_DELAY, now=now)
