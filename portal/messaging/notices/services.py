"""Who among the staff is told of something, where, and have they seen it?"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from portal.clients.models import Client
from portal.messaging import services as messaging
from portal.messaging.models import Kind, Line, Message, Notice, NoticeKind, Wish
from portal.messaging.names import plain_name
from tenants import outages
from tenants.combined_writes import insert_all
from tenants.context import current_business
from tenants.models import Business, Channel, Membership, Queue
from tenants.staff.permissions import has_permission

Reach = Wish.Reach
# A notice tells of a page, so it goes to those who may open that.
MAY_BE_TOLD = {
    NoticeKind.NEW_MESSAGE: "messages.view",
    NoticeKind.CONTACT_FORM: "clients.view",
    NoticeKind.OUTAGE: "support.view",
    NoticeKind.TICKET: "support.view",
}
# A mail about these would be late itself, or news of yesterday: who wants it says so.
SELDOM_MAILED = (NoticeKind.OUTAGE,)
# Whoever answers clients is mailed until they say otherwise: a message nobody hears of is worse than a mail too many.
ANSWERS = "messages.send"
NOW = timedelta(0)
SHOWN = 50


@transaction.atomic
def tell(
    kind: NoticeKind,
    *,
    subject: str,
    page: str,
    pk: UUID | None = None,
    about: UUID | None = None,
    client: Client | None = None,
    after: timedelta = NOW,
    now: datetime,
) -> None:
    """Tell every member of staff who may know and wants to. `page` is a url name of the console, `pk` its row.

    What a notice is `about` is that row, unless told: a page that many things lead to has none.

    One unread notice per person, kind and row is renewed rather than repeated; its mail leaves `after` a
    while, unless they have read it by then. What a demo client does is told to nobody.
    """
    if client and client.is_demo:
        return
    members = _allowed(kind)
    reach = _reach(kind, members)
    told = [member for member in members if reach[member.person_id] != Reach.OFF]
    people, address = [member.person_id for member in told], _below_console(page, pk)
    notices = _renewed(kind, people, subject=subject, address=address, about=about or pk, now=now)
    mailed = [member for member in told if reach[member.person_id] == Reach.MAIL]
    _mail([(notices[member.person_id], member.person.email) for member in mailed], due_at=now + after, now=now)


def notices_of(person_id: UUID) -> QuerySet[Notice]:
    """Return what one person was told here, the newest first."""
    return Notice.objects.filter(person_id=person_id).order_by("-at", "-pk")


def mark_read(notices: QuerySet[Notice], *, now: datetime) -> int:
    """Mark notices as read and return how many were not yet."""
    return notices.filter(read_at=None).update(read_at=now)


def forget(*, about_id: UUID) -> None:
    """Remove every notice about a row, with the name it bears: for erasing a person."""
    Notice.objects.filter(about_id=about_id).delete()


def wishes_of(membership: Membership) -> dict[NoticeKind, Reach]:
    """Return how a member is told of each thing they may be told of."""
    kinds = [kind for kind in NoticeKind if has_permission(membership, MAY_BE_TOLD[kind])]
    chosen = dict(Wish.objects.filter(person_id=membership.person_id).values_list("kind", "reach"))
    return {kind: Reach(chosen.get(kind, _usual(kind, membership))) for kind in kinds}


@transaction.atomic
def choose(*, membership: Membership, wishes: dict[NoticeKind, Reach]) -> None:
    """Remember how a member wants to be told."""
    rows = [Wish(person_id=membership.person_id, kind=kind, reach=reach) for kind, reach in wishes.items()]
    Wish.objects.bulk_create(rows, update_conflicts=True, unique_fields=["person_id", "kind"], update_fields=["reach"])


def particulars(message: Message) -> dict[str, Any] | None:
    """Return what the mail about a notice says; None when it was read, or is no longer theirs to know."""
    notice = Notice.objects.filter(pk=message.about_id, read_at=None).first() if message.about_id else None
    if notice is None or _was_answered(notice) or _is_over(notice):
        return None
    kind = NoticeKind(notice.kind)
    member = next((one for one in _allowed(kind) if one.person_id == notice.person_id), None)
    if member is None or member.person.email != message.to or _reach(kind, [member])[member.person_id] != Reach.MAIL:
        return None
    return {"what": kind.label, "who": plain_name(notice.subject)}


def _was_answered(notice: Notice) -> bool:
    """Tell whether a colleague has read what the client wrote."""
    if notice.kind != NoticeKind.NEW_MESSAGE:
        return False
    return not Line.objects.filter(client=notice.about_id).unread_by(Line.Side.STAFF).exists()


def _is_over(notice: Notice) -> bool:
    """Tell whether codes go out again."""
    return notice.kind == NoticeKind.OUTAGE and outages.is_over(notice.about_id)


def _allowed(kind: NoticeKind) -> list[Membership]:
    members = Membership.objects.filter(business=_business(), person__is_active=True).select_related("person")
    return [member for member in members if has_permission(member, MAY_BE_TOLD[kind])]


def _reach(kind: NoticeKind, members: Iterable[Membership]) -> dict[UUID, str]:
    """Return how each member is told of a kind of thing: as they chose, else as is usual."""
    usual = {member.person_id: _usual(kind, member) for member in members}
    chosen = Wish.objects.filter(kind=kind, person_id__in=usual).values_list("person_id", "reach")
    return usual | dict(chosen)


def _usual(kind: NoticeKind, member: Membership) -> Reach:
    return Reach.MAIL if kind not in SELDOM_MAILED and has_permission(member, ANSWERS) else Reach.CONSOLE


def _renewed(
    kind: NoticeKind, people: list[UUID], *, subject: str, address: str, about: UUID | None, now: datetime
) -> dict[UUID, Notice]:
    """Return a notice for each person: the unread one about the same row, brought up to date, or a new one."""
    unread = Notice.objects.filter(kind=kind, page=address, about_id=about, read_at=None, person_id__in=people)
    found = {notice.person_id: notice for notice in unread}
    unread.update(at=now, subject=subject[:160])
    new = [
        Notice(person_id=person, kind=kind, subject=subject[:160], page=address, about_id=about, at=now)
        for person in people
        if person not in found
    ]
    Notice.objects.bulk_create(new)
    return found | {notice.person_id: notice for notice in new}


def _mail(pairs: list[tuple[Notice, str]], *, due_at: datetime, now: datetime) -> None:
    """Owe a mail about each notice, but for those whose mail is still to leave: it will tell of this as well."""
    queued = messaging.lock_queued(Kind.STAFF_NOTICE, now=now).filter(about_id__in=[notice.pk for notice, _to in pairs])
    told = set(queued.values_list("about_id", "to"))
    due = [(notice, to) for notice, to in pairs if (notice.pk, to) not in told]
    rows: list[Any] = []
    for notice, to in due:
        message = messaging.draft(
            Kind.STAFF_NOTICE, channel=Channel.EMAIL, to=to, language=_business().language, about_id=notice.pk, now=now
        )
        deadline = due_at + settings.NOTIFICATION_LIFETIME
        debt = messaging.delivery_for(message, queue=Queue.NOTICES, due_at=due_at, deadline=deadline, now=now)
        rows += [message, debt]
    if rows:
        insert_all(*rows)


def _below_console(page: str, pk: UUID | None) -> str:
    """Return a page's address below the business's own, which may change."""
    place: dict[str, Any] = {"business": "x"}
    # A client's request speaks the portal's addresses; the console's are the platform's.
    ways = settings.PUBLIC_SCHEMA_URLCONF
    whole = reverse(f"console:{page}", ways, kwargs=place | ({"pk": pk} if pk else {}))
    return whole.removeprefix(reverse("console:home", ways, kwargs=place))


def _business() -> Business:
    business = current_business()
    assert business, "notices belong to a business"
    return business
