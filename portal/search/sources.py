"""The registry of what the console's search finds, and the search across all of it.

An app joins by naming a SearchSource in settings.SEARCH_SOURCES. Each source returns a handful of results
and no more, so that a search takes as long with a hundred thousand rows as with a hundred.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from tenants.staff.permissions import has_permission

RESULTS_PER_SOURCE = 8
# A longer query is cut to this length.
MAX_QUERY_LENGTH = 100


@dataclass(frozen=True)
class SearchResult:
    """One thing that was found: its name, where it is, and a detail that tells it from others of the same name."""

    label: str | Promise
    url: str
    icon: str
    detail: str | Promise = ""


@dataclass(frozen=True)
class SearchRequest:
    """One search: the text that was entered, the HTTP request it came with, and the time."""

    text: str
    http_request: HttpRequest
    now: datetime


@dataclass(frozen=True)
class SearchSource:
    """One kind of thing that can be found, by those who have the permission. Lower positions come first."""

    label: str | Promise
    permission: str
    find: Callable[[SearchRequest], Sequence[SearchResult]]
    position: int = 100


@dataclass(frozen=True)
class ResultGroup:
    """The results of one source."""

    label: str | Promise
    results: list[SearchResult]


def search_all(search: SearchRequest) -> list[ResultGroup]:
    """Ask every source this member of staff has the permission for, and return those that found something."""
    sources = [
        source
        for source in _import_sources(tuple(settings.SEARCH_SOURCES))
        if has_permission(search.http_request.membership, source.permission)
    ]
    groups = [ResultGroup(source.label, list(source.find(search))[:RESULTS_PER_SOURCE]) for source in sources]
    return [group for group in groups if group.results]


@cache
def _import_sources(paths: tuple[str, ...]) -> list[SearchSource]:
    return sorted((import_string(path) for path in paths), key=lambda source: source.position)
