"""Turns the query that a saved view has of the list page into the filters of the API."""

from typing import Any

from django.http import QueryDict

from portal.clients.list_query import ListQuery, build_choice_text, parse_list_query
from portal.clients.models import CustomField, SavedView


def parse_saved_view(view: SavedView, fields: list[CustomField]) -> ListQuery:
    """Return what a view asks for, without what is gone since it was saved, such as a custom field."""
    return parse_list_query(QueryDict(view.query), fields)


def present_filters(query: ListQuery) -> dict[str, Any]:
    """Return the filters that are set, by their names in the API."""
    search = query.search
    filters = {
        "search": search.text,
        "status": search.status,
        "tag": [str(tag) for tag in search.tags],
        "source": search.source,
        "can_sign_in": search.can_sign_in,
        "has_mobile": search.has_mobile,
        "last_sign_in": search.last_sign_in,
        "custom": [f"{key}:{build_choice_text(choice)}" for key, choice in search.custom.items()],
    }
    return {name: value for name, value in filters.items() if value}
