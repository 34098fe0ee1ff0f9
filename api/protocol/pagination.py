"""Pages of lists: 25 rows, 100 at most, from a cursor."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import serializers

from api.protocol.error_codes import ErrorCode
from api.protocol.fields import SingleLineField
from api.protocol.problems import ApiProblem
from api.protocol.sparse_fields import select_fields
from portal.ui.keyset_pagination import Keyset, KeysetPage, get_page, is_cursor_of

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 25
MAX_PAGE_SIZE = 100


class PageQuery(serializers.Serializer):
    """The query parameters that every list has."""

    cursor = SingleLineField(max_length=500, required=False, allow_blank=True, default="")
    limit = serializers.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, required=False, default=PAGE_SIZE)


def get_api_page(rows: QuerySet[Row], keyset: Keyset, query: Mapping[str, Any]) -> KeysetPage[Row]:
    """Return the page that a validated query asks for. Raises ApiProblem for a cursor of another list or order."""
    if query["cursor"] and not is_cursor_of(query["cursor"], keyset):
        raise ApiProblem(ErrorCode.INVALID_CURSOR)
    return get_page(rows, keyset, cursor=query["cursor"], size=query["limit"])


def build_page_body(
    page: KeysetPage[Row], present: Callable[[Row], Mapping[str, Any]], *, fields: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the body of a page, with the named fields only; `next_cursor` is null on the last one."""
    items = [select_fields(present(row), fields) for row in page.rows]
    return {"items": items, "next_cursor": page.next_cursor or None}
