"""The search that the query of a client list asks for."""

from collections.abc import Mapping
from typing import Any

from api.clients.custom_values import parse_custom_filters
from portal.clients.models import CustomField
from portal.clients.services import SearchQuery


def build_search(query: Mapping[str, Any]) -> tuple[SearchQuery, list[CustomField]]:
    """Return the search of a validated query, and the custom fields if it filters by one. Raises ValidationError."""
    fields = list(CustomField.objects.all()) if query["custom"] else []
    search = SearchQuery(
        text=query["search"],
        status=query["status"],
        tags=tuple(query["tag"]),
        source=query["source"],
        can_sign_in=query["can_sign_in"],
        has_mobile=query["has_mobile"],
        last_sign_in=query["last_sign_in"],
        custom=parse_custom_filters(query["custom"], fields),
    )
    return search, fields
