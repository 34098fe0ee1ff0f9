"""The search across all that nouns declare as searchable.

Each source returns a handful of results and no more, so that a search takes as long with a hundred thousand rows as
with a hundred.
"""

from dataclasses import dataclass

from django.utils.functional import Promise

from tenants.nouns import page_registry, registry
from tenants.nouns.search_types import RESULTS_PER_SOURCE, SearchParams, SearchResult
from tenants.staff.permissions import has_permission

# A longer query is cut to this length.
MAX_QUERY_LENGTH = 100


@dataclass(frozen=True)
class SearchResultGroup:
    """The results of one source."""

    label: str | Promise
    results: list[SearchResult]


def search_all(search: SearchParams) -> list[SearchResultGroup]:
    """Ask every source this member of staff has the permission for, and return those that found something."""
    membership = search.http_request.membership
    sources = [
        source for source in page_registry.list_search_sources() if has_permission(membership, source.permission)
    ]
    groups = [
        SearchResultGroup(source.label, list(registry.import_dotted_path(source.find)(search))[:RESULTS_PER_SOURCE])
        for source in sources
    ]
    return [group for group in groups if group.results]
