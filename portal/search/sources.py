"""What can be found from anywhere in the console, and by whom?

A noun joins by naming a Source in settings.SEARCH_SOURCES. Each looks for a handful of things and no
more, so that an answer takes as long with a hundred thousand rows as with a hundred.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from tenants.staff.matrix import allows

# So many of each kind are shown, and so many letters are read.
SHOWN, LONGEST = 8, 100


@dataclass(frozen=True)
class Hit:
    """One thing that was found: what it is called, how it is told from others, and where it is."""

    label: str | Promise
    url: str
    icon: str
    detail: str | Promise = ""


@dataclass(frozen=True)
class Asking:
    """What somebody typed, where, and when."""

    words: str
    request: HttpRequest
    now: datetime


@dataclass(frozen=True)
class Source:
    """One kind of thing that can be found, by those who have the permission. Lower positions come first."""

    label: str | Promise
    permission: str
    find: Callable[[Asking], Sequence[Hit]]
    position: int = 100


@dataclass(frozen=True)
class Group:
    """What was found of one kind."""

    label: str | Promise
    hits: list[Hit]


def found(asking: Asking) -> list[Group]:
    """Return what this person may see of what fits the words, by kind, without the kinds of which there is nothing."""
    sources = [
        source
        for source in _load(tuple(settings.SEARCH_SOURCES))
        if allows(asking.request.membership, source.permission)
    ]
    groups = [Group(source.label, list(source.find(asking))[:SHOWN]) for source in sources]
    return [group for group in groups if group.hits]


@cache
def _load(paths: tuple[str, ...]) -> list[Source]:
    return sorted((import_string(path) for path in paths), key=lambda source: source.position)
