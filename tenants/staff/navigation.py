"""Which sections does the console have, and which of them does this person see?

A noun offers its own by naming a Section in the settings; nothing is shown before it works.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from tenants.staff.permissions import has_permission


@dataclass(frozen=True)
class NavItem:
    """One entry of the console's navigation: `url_name` without its namespace; lower positions come first.

    `about` says in a sentence what a page behind Settings is for.
    """

    label: str | Promise
    url_name: str
    icon: str
    permission: str
    position: int = 100
    about: str | Promise = ""


@dataclass(frozen=True)
class NavLink:
    """A section as one person sees it on one page."""

    label: str | Promise
    icon: str
    url: str
    is_current: bool
    about: str | Promise = ""


def build_nav_links(request: HttpRequest, paths: Sequence[str]) -> list[NavLink]:
    """Return the sections that this person may open, in order, with the one the page belongs to marked."""
    found = [item for item in _load(tuple(paths)) if has_permission(request.membership, item.permission)]
    urls = [reverse(f"console:{item.url_name}", kwargs={"business": request.slug}) for item in found]
    # The home of the console is above every page; the longest address that fits is where we are.
    here = max((url for url in urls if request.path.startswith(url)), key=len, default="")
    return [
        NavLink(item.label, item.icon, url, is_current=url == here, about=item.about)
        for item, url in zip(found, urls, strict=True)
    ]


@cache
def _load(paths: tuple[str, ...]) -> list[NavItem]:
    return sorted((import_string(path) for path in paths), key=lambda item: item.position)
