"""Which conversations come next in the inbox? Found by the place of the last one shown; none before it is counted or skipped."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from portal.messaging.models import Line


def page_below(lines: QuerySet[Line], place: str, *, rows: int) -> tuple[list[Line], str]:
    """Return the conversations below a place, or from the top where that makes no sense, and where the next page begins.

    `lines` come from `services.inbox`: those that wait first, then the latest.
    """
    found = list(_below(lines, place)[: rows + 1])
    last = found[rows - 1] if len(found) > rows else None
    return found[:rows], _name(last) if last else ""


def _below(lines: QuerySet[Any], place: str) -> QuerySet[Any]:
    waits, at, key = [*place.split("~"), "", "", ""][:3]
    try:
        when, pk = datetime.fromisoformat(at), UUID(key)
        if when.tzinfo is None or waits not in ("waits", "read"):
            return lines
        # PostgreSQL takes no zone a day away, and no year before the first.
        when = when.astimezone(UTC)
    except (ValueError, OverflowError):
        return lines
    earlier = Q(written_at__lt=when) | Q(written_at=when, pk__lt=pk)
    if waits == "read":
        return lines.filter(earlier, waits=False)
    return lines.filter(Q(waits=False) | earlier)


def _name(line: Line) -> str:
    waits = "waits" if line.waits else "read"  # type: ignore[attr-defined]
    return f"{waits}~{line.written_at.astimezone(UTC).isoformat()}~{line.pk}"
