"""Cursor pagination of the inbox: pages are found by the last row shown, so nothing before it is counted or skipped."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from portal.messaging.models import ChatMessage


def fetch_page(messages: QuerySet[ChatMessage], cursor: str, *, rows: int) -> tuple[list[ChatMessage], str]:
    """Return one page and the cursor of the next, empty on the last page. An invalid cursor gives the first page.

    `messages` come from `services.inbox`: the unread ones first, then the latest.
    """
    found = list(_filter_after(messages, cursor)[: rows + 1])
    last = found[rows - 1] if len(found) > rows else None
    return found[:rows], _encode_cursor(last) if last else ""


def _filter_after(messages: QuerySet[Any], cursor: str) -> QuerySet[Any]:
    state, written_at, key = [*cursor.split("~"), "", "", ""][:3]
    try:
        when, pk = datetime.fromisoformat(written_at), UUID(key)
        if when.tzinfo is None or state not in ("unread", "read"):
            return messages
        # PostgreSQL takes no zone a day away, and no year before the first.
        when = when.astimezone(UTC)
    except (ValueError, OverflowError):
        return messages
    earlier = Q(written_at__lt=when) | Q(written_at=when, pk__lt=pk)
    if state == "read":
        return messages.filter(earlier, is_unread=False)
    return messages.filter(Q(is_unread=False) | earlier)


def _encode_cursor(message: ChatMessage) -> str:
    state = "unread" if message.is_unread else "read"  # type: ignore[attr-defined]
    return f"{state}~{message.written_at.astimezone(UTC).isoformat()}~{message.pk}"
