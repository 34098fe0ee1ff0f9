"""Which cards does a client's home show, and which ways in does the sign-in page name?

A domain app contributes both by a callable named in the settings; nothing is shown before it works.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from portal.clients.models import Client
from portal.profile.models import Profile

Maker = TypeVar("Maker", bound=Callable[..., Any])


@dataclass(frozen=True)
class Section:
    """One card on the home page; its template reads `context` as `card`. Lower orders come first."""

    key: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 100


@dataclass(frozen=True)
class WayIn:
    """One thing a person we do not know can do instead of signing in."""

    label: str
    url: str


def sections_for(*, client: Client, profile: Profile, now: datetime) -> list[Section]:
    """Return the cards of a client's home, in order, without those that have nothing to say."""
    found = (make(client, profile, now) for make in _load(tuple(settings.PORTAL_SECTIONS)))
    shown = (section for section in found if section and section.key not in profile.hidden_sections)
    return sorted(shown, key=lambda section: section.order)


def named(key: str, label: str | Promise) -> Callable[[Maker], Maker]:
    """Give the cards that a callable makes a name, by which a business may choose not to show them."""

    def name(make: Maker) -> Maker:
        make.card = (key, label)
        return make

    return name


def hideable() -> list[tuple[str, str | Promise]]:
    """Return the key and the name of every card that a business may choose not to show."""
    return [make.card for make in _load(tuple(settings.PORTAL_SECTIONS)) if hasattr(make, "card")]


def ways_in(*, profile: Profile, now: datetime) -> list[WayIn]:
    """Return the ways in that exist at this business, for people who can't sign in yet."""
    found = (make(None, profile, now) for make in _load(tuple(settings.PORTAL_WAYS_IN)))
    return [way for way in found if way]


@cache
def _load(paths: tuple[str, ...]) -> list[Callable[..., Any]]:
    return [import_string(path) for path in paths]
