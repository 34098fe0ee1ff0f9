"""The filters of a client list, to and from the search that they ask for."""

from collections.abc import Mapping
from typing import Any

from api.clients.custom_values import parse_custom_filters
from portal.clients.list_query import build_choice_text
from portal.clients.models import CustomField
from portal.clients.services import SearchQuery

# The attribute of a search by the name of the filter; `tag` and `custom` differ in type besides.
ATTRIBUTES = {
    "search": "text",
    "status": "status",
    "source": "source",
    "can_sign_in": "can_sign_in",
    "has_mobile": "has_mobile",
    "last_sign_in": "last_sign_in",
}


def build_search(query: Mapping[str, Any]) -> tuple[SearchQuery, list[CustomField]]:
    """Return the search of a validated query, and the custom fields if it filters by one. Raises ValidationError."""
    fields = list(CustomField.objects.all()) if query["custom"] else []
    values: dict[str, Any] = {attribute: query[name] for name, attribute in ATTRIBUTES.items()}
    custom = parse_custom_filters(query["custom"], fields)
    return SearchQuery(tags=tuple(query["tag"]), custom=custom, **values), fields


def present_filters(search: SearchQuery) -> dict[str, Any]:
    """Return the filters of which `build_search` makes a search: those that are set, by name."""
    filters: dict[str, Any] = {name: getattr(search, attribute) for name, attribute in ATTRIBUTES.items()}
    filters["tag"] = [str(tag) for tag in search.tags]
    filters["custom"] = [f"{key}:{build_choice_text(choice)}" for key, choice in search.custom.items()]
    return {name: value for name, value in filters.items() if value}
