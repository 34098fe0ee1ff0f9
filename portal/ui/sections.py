"""The sections of a client's home page and the links on the sign-in page.

Apps contribute both with callables that settings.PORTAL_SECTIONS and settings.SIGN_IN_LINKS name.
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
    """One section of the home page; its template reads `context` as `card`. Lower orders come first."""

    key: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 100


@dataclass(frozen=True)
class SignInLink:
    """One link on the sign-in page, for people who are not on the client list."""

    label: str
    url: str


def visible_sections(*, client: Client, profile: Profile, now: datetime) -> list[PortalSection]:
    """Return the sections of a client's home page in order, without empty and hidden ones."""
    sections = (builder(client, profile, now) for builder in _import_builders(tuple(settings.PORTAL_SECTIONS)))
    visible = (section for section in sections if section and section.key not in profile.hidden_sections)
    return sorted(visible, key=lambda section: section.order)


def allow_hiding(key: str, label: str | Promise) -> Callable[[Builder], Builder]:
    """Decorate a builder of sections so that businesses can hide its section, listed under `label`."""

    def decorate(builder: Builder) -> Builder:
        builder.section_choice = (key, label)
        return builder

    return decorate


def hideable_sections() -> list[tuple[str, str | Promise]]:
    """Return the key and label of every section that a business can hide."""
    return [
        builder.section_choice
        for builder in _import_builders(tuple(settings.PORTAL_SECTIONS))
        if hasattr(builder, "section_choice")
    ]


def sign_in_links(*, profile: Profile, now: datetime) -> list[SignInLink]:
    """Return the links that this business offers people who can't sign in yet."""
    links = (builder(None, profile, now) for builder in _import_builders(tuple(settings.SIGN_IN_LINKS)))
    return [link for link in links if link]


@cache
def _import_builders(paths: tuple[str, ...]) -> list[Callable[..., Any]]:
    return [import_string(path) for path in paths]
