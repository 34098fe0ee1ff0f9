"""Which part of a conversation does a page show?"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from portal.clients.models import Client
from portal.messaging.conversations.services import lines_of
from portal.messaging.models import Line

SHOWN = 40


@dataclass(frozen=True)
class Stretch:
    """Some lines in the order they were written; `earlier` is the first of them when others came before it."""

    lines: list[Line]
    earlier: Line | None
    is_latest: bool


def stretch(client: Client, wanted: str) -> Stretch:
    """Return the latest lines of a conversation, or those before the line whose key is wanted."""
    before = _line(client, wanted) if wanted else None
    found = list(lines_of(client, before=before)[: SHOWN + 1])
    lines = found[:SHOWN][::-1]
    return Stretch(lines, earlier=lines[0] if len(found) > SHOWN else None, is_latest=before is None)


def mark_of(client: Client, side: Line.Side) -> str:
    """Return a mark that changes when one side sees something new: a line, or that the other has read its own."""
    # Counted, since a line of a process whose clock is behind is new and not the latest.
    own_unread = Count("pk", filter=Q(side=side, read_at=None))
    now = Line.objects.filter(client=client).aggregate(lines=Count("pk"), unread=own_unread)
    return f"{now['lines']}~{now['unread']}"


def _line(client: Client, wanted: str) -> Line | None:
    try:
        return Line.objects.filter(client=client, pk=UUID(wanted)).first()
    except ValueError:
        return None
