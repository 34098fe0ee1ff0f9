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

Builder = TypeVar("Builder", bound=Callable[..., Any])


@dataclass(frozen=True)
class PortalSection:
    """One card on the home page; its template reads `context` as `card`. Lower orders come first."""

    key: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 100


@dataclass(frozen=True)
class SignInLink:
    """One thing a person we do not know can do instead of signing in."""

    label: str
    url: str


def visible_sections(*, client: Client, profile: Profile, now: datetime) -> list[PortalSection]:
    """Return the cards of a client's home, in order, without those that have nothing to say."""
    sections = (builder(client, profile, now) for builder in _import_builders(tuple(settings.PORTAL_SECTIONS)))
    visible = (section for section in sections if section and section.key not in profile.hidden_sections)
    return sorted(visible, key=lambda section: section.order)


def allow_hiding(key: str, label: str | Promise) -> Callable[[Builder], Builder]:
    """Give the cards that a callable makes a name, by which a business may choose not to show them."""

    def decorate(builder: Builder) -> Builder:
        builder.section_choice = (key, label)
        return builder

    return decorate


def hideable_sections() -> list[tuple[str, str | Promise]]:
    """Return the key and the name of every card that a business may choose not to show."""
    return [
        builder.section_choice
        for builder in _import_builders(tuple(settings.PORTAL_SECTIONS))
        if hasattr(builder, "section_choice")
    ]


def sign_in_links(*, profile: Profile, now: datetime) -> list[SignInLink]:
    """Return the ways in that exist at this business, for people who can't sign in yet."""
    links = (builder(None, profile, now) for builder in _import_builders(tuple(settings.SIGN_IN_LINKS)))
    return [link for link in links if link]


@cache
def _import_builders(paths: tuple[str, ...]) -> list[Callable[..., Any]]:
    return [import_string(path) for path in paths]
