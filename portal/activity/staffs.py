"""What did staff do here, found by who did it, what it was, to whom and when?"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.activity.models import Entry
from portal.clients.models import Client
from portal.clients.services import fold

ROWS = 50
# More than this no one export holds; the oldest are left out.
EXPORTED = 50_000


@dataclass(frozen=True)
class Wanted:
    """Which lines somebody wants to see; what is empty lets all through."""

    person: uuid.UUID | None = None
    kind: str = ""
    client: str = ""
    since: date | None = None
    until: date | None = None


def lines(wanted: Wanted) -> QuerySet[Entry]:
    """Return what staff did, the newest first, without what they did for demo clients."""
    found = Entry.objects.real().filter(actor=Entry.Actor.STAFF, **_facts(wanted))
    if wanted.client:
        found = found.filter(client__in=Client.objects.real().filter(search__contains=fold(wanted.client)))
    return found.select_related("client").order_by("-at", "-pk")


def page_before(found: QuerySet[Entry], *, before: tuple[datetime, uuid.UUID] | None) -> tuple[list[Entry], bool]:
    """Return the rows that come after a place, and whether there are more; no row before it is counted or skipped."""
    if before:
        at, pk = before
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)
    rows = list(found[: ROWS + 1])
    return rows[:ROWS], len(rows) > ROWS


def people() -> list[tuple[uuid.UUID, str]]:
    """Return everybody who ever did something here, those who left among them, by the name they had last."""
    did = Entry.objects.filter(actor=Entry.Actor.STAFF, actor_id__isnull=False).order_by("actor_id", "-at")
    names = did.distinct("actor_id").values_list("actor_id", "actor_name")
    return sorted(((pk, name) for pk, name in names if pk), key=lambda person: person[1].casefold())


def _facts(wanted: Wanted) -> dict[str, object]:
    """Return the conditions on the line itself; a day ends where the next begins, by the business's clock."""
    facts: dict[str, object] = {}
    if wanted.person:
        facts["actor_id"] = wanted.person
    if wanted.kind:
        facts["verb__startswith"] = f"{wanted.kind}."
    if wanted.since:
        facts["at__gte"] = _morning(wanted.since)
    if wanted.until:
        facts["at__lt"] = _morning(wanted.until + timedelta(days=1))
    return facts


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
