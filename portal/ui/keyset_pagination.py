"""Keyset pagination: a page is found by the row it begins after, so nothing before it is counted or skipped.

A cursor stands in a URL and comes back from strangers: an invalid one is the start of the list.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

Row = TypeVar("Row", bound=Model)


def parse_cursor_instant(value: Any) -> datetime:
    """Return a cursor's instant in UTC, since PostgreSQL takes no offset of a day and no year before 1.

    Raises ValueError.
    """
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError("an instant has a time zone")
    return instant.astimezone(UTC)


def parse_cursor_key(value: Any) -> UUID:
    """Return a cursor's primary key. Raises ValueError."""
    return UUID(value)


def parse_cursor_text(value: Any) -> str:
    """Return a cursor's text, which PostgreSQL takes without NUL only. Raises ValueError."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("not a text")
    return value


def parse_cursor_flag(value: Any) -> bool:
    """Return a cursor's boolean. Raises ValueError."""
    if not isinstance(value, bool):
        raise ValueError("not a boolean")
    return value


def parse_cursor_number(value: Any) -> int:
    """Return a cursor's number, of which PostgreSQL's integers take four bytes. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise ValueError("not a number")
    return value


@dataclass(frozen=True)
class Keyset:
    """The columns or annotations that order a list, all in one direction, each with the parser of its values.

    The last one is unique.
    """

    columns: dict[str, Callable[[Any], Any]]
    is_descending: bool = True

    def ordering(self, *, is_reversed: bool = False) -> list[OrderBy]:
        """Return what a query is ordered by."""
        is_descending = self.is_descending != is_reversed
        return [F(column).desc() if is_descending else F(column).asc() for column in self.columns]


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """One page of rows, with the cursors of its neighbours; empty where there are none."""

    rows: list[Row]
    previous_cursor: str = ""
    next_cursor: str = ""


@dataclass(frozen=True)
class _PageCursor:
    """The row after which a page begins, or before which it ends; without values, the start of the list."""

    is_backwards: bool = False
    values: dict[str, Any] = field(default_factory=dict)


def get_page(rows: QuerySet[Row], keyset: Keyset, *, cursor: str, size: int) -> KeysetPage[Row]:
    """Return the page at an encoded cursor; the first page if the cursor is empty or invalid."""
    start = _decode_cursor(cursor, keyset)
    # A page before the cursor is read in reverse order and turned round at the end.
    if start.values:
        operator = "lt" if keyset.is_descending != start.is_backwards else "gt"
        rows = rows.filter(_build_after_condition(start.values, operator))
    found = list(rows.order_by(*keyset.ordering(is_reversed=start.is_backwards))[: size + 1])
    return _build_page(found[:size], keyset, start, has_more=len(found) > size)


def is_cursor_of(encoded: str, keyset: Keyset) -> bool:
    """Return whether an encoded cursor is one of a list in this order."""
    return bool(_decode_cursor(encoded, keyset).values)


def _build_after_condition(values: dict[str, Any], operator: str) -> Q:
    """Return the condition that a row comes after these values in the order of the columns."""
    equal, beyond = Q(), Q()
    for column, value in values.items():
        beyond |= equal & Q(**{f"{column}__{operator}": value})
        equal &= Q(**{column: value})
    first, value = next(iter(values.items()))
    # This condition is redundant; with it, PostgreSQL starts reading the index at the cursor.
    return Q(**{f"{first}__{operator}e": value}) & beyond


def _build_page(rows: list[Row], keyset: Keyset, start: _PageCursor, *, has_more: bool) -> KeysetPage[Row]:
    if start.is_backwards:
        rows.reverse()
    has_previous, has_next = (has_more, True) if start.is_backwards else (bool(start.values), has_more)
    return KeysetPage(
        rows,
        previous_cursor=_encode_cursor(rows[0], keyset, is_backwards=True) if rows and has_previous else "",
        next_cursor=_encode_cursor(rows[-1], keyset, is_backwards=False) if rows and has_next else "",
    )


def _encode_cursor(row: Model, keyset: Keyset, *, is_backwards: bool) -> str:
    values = [getattr(row, column) for column in keyset.columns]
    texts = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    encoded = json.dumps([is_backwards, *texts], default=str).encode()
    return base64.urlsafe_b64encode(encoded).decode().rstrip("=")


def _decode_cursor(encoded: str, keyset: Keyset) -> _PageCursor:
    """Decode a cursor from a URL; an invalid one, or one of another order, is the start of the list."""
    try:
        is_backwards, *values = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
        parsed = [parse(value) for parse, value in zip(keyset.columns.values(), values, strict=True)]
        return _PageCursor(parse_cursor_flag(is_backwards), dict(zip(keyset.columns, parsed, strict=True)))
    except (ValueError, TypeError, AttributeError, OverflowError):
        return _PageCursor()
