"""The query string of the client list: parsing it, without unknown or invalid values, and building it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from portal.clients import services
from portal.clients.models import CHOICE_KINDS, ClientStatus, CustomField, CustomFieldKind
from portal.clients.services.pagination import SORT_KEYS
from portal.clients.services.search import LAST_SIGN_IN_PERIODS
from portal.ui import input_cleaning
from tenants.nouns import registry

MAX_SEARCH_LENGTH = 200
YES_OR_NO = ("yes", "no")
FILTER_VALUES = {
    "status": (*ClientStatus.values, "all"),
    "can": YES_OR_NO,
    "mobile": YES_OR_NO,
    "seen": (*LAST_SIGN_IN_PERIODS, "long-ago", "never"),
}


@dataclass(frozen=True)
class ListQuery:
    """The search, sort order and page that a list URL asks for. `query_string` says the same without the page."""

    search: services.SearchQuery
    sort: str
    cursor: str
    query_string: str

    @property
    def is_unfiltered(self) -> bool:
        """Return whether neither a text nor a filter restricts the list."""
        return not self.search.text and not self.search.has_filters

    def build_sort_query_string(self, column: str) -> str:
        """Return the query string that sorts by a column, or reverses the order if the list is sorted by it already."""
        params = QueryDict(self.query_string, mutable=True)
        params["sort"] = f"-{column}" if self.sort == column else column
        return params.urlencode()


def parse_list_query(params: QueryDict, fields: Iterable[CustomField]) -> ListQuery:
    """Parse the parameters of a list URL or of a form on the list."""
    offered = FILTER_VALUES | {"source": tuple(registry.get_client_source_labels())}
    chosen = {name: value for name, values in offered.items() if (value := params.get(name, "")) in values}
    search = services.SearchQuery(
        text=input_cleaning.clean_text(params.get("q", ""), max_length=MAX_SEARCH_LENGTH),
        status=chosen.get("status", ""),
        tags=tuple(key for key in map(input_cleaning.parse_uuid, params.getlist("tag")[:10]) if key),
        source=chosen.get("source", ""),
        can_sign_in=chosen.get("can", ""),
        has_mobile=chosen.get("mobile", ""),
        last_sign_in=chosen.get("seen", ""),
        custom=_parse_custom_filters(params, fields),
    )
    sort = params.get("sort", "")
    sort = sort if sort.lstrip("-") in SORT_KEYS else "name"
    return ListQuery(search, sort, params.get("cursor", "")[:500], build_query_string(search, sort=sort))


def build_query_string(search: services.SearchQuery, *, sort: str) -> str:
    """Return the shortest query string that asks for this list."""
    normalised = QueryDict(mutable=True)
    if search.text:
        normalised["q"] = search.text
    normalised.setlist("tag", [str(tag) for tag in search.tags])
    pairs = [("status", search.status), ("source", search.source), ("can", search.can_sign_in)]
    for name, value in [*pairs, ("mobile", search.has_mobile), ("seen", search.last_sign_in)]:
        if value:
            normalised[name] = value
    for key, choice in search.custom.items():
        normalised[f"f-{key}"] = build_choice_text(choice)
    if sort != "name":
        normalised["sort"] = sort
    return normalised.urlencode()


def build_choice_text(choice: str | bool) -> str:
    """Return the text by which a query names a value of a custom field."""
    return choice if isinstance(choice, str) else YES_OR_NO[not choice]


def _parse_custom_filters(params: QueryDict, fields: Iterable[CustomField]) -> dict[str, str | bool]:
    custom: dict[str, str | bool] = {}
    for field in (field for field in fields if field.kind in CHOICE_KINDS):
        choice = _parse_choice(field, params.get(f"f-{field.pk}", ""))
        if choice is not None:
            custom[str(field.pk)] = choice
    return custom


def _parse_choice(field: CustomField, text: str) -> str | bool | None:
    """Return the value that a text names, or None if the field has no such option."""
    if field.kind == CustomFieldKind.YES_NO:
        return {"yes": True, "no": False}.get(text)
    return text if text in field.choices else None
