"""The console's navigation: the items named in the settings, and the links one person sees."""

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
    """One item of the console's navigation, declared by the app it belongs to and listed in the settings.

    `url_name` has no namespace; lower positions come first; `about` describes a page behind Settings in one sentence.
    """

    label: str | Promise
    url_name: str
    icon: str
    permission: str
    position: int = 100
    about: str | Promise = ""


@dataclass(frozen=True)
class NavLink:
    """A navigation item as one person sees it on one page."""

    label: str | Promise
    icon: str
    url: str
    is_current: bool
    about: str | Promise = ""


def build_nav_links(request: HttpRequest, paths: Sequence[str]) -> list[NavLink]:
    """Return links to the items at these dotted paths that the member may open, with the current one marked."""
    items = [item for item in _load(tuple(paths)) if has_permission(request.membership, item.permission)]
    urls = [reverse(f"console:{item.url_name}", kwargs={"business": request.slug}) for item in items]
    # Home is a prefix of every page, so the longest matching URL is the current one.
    current = max((url for url in urls if request.path.startswith(url)), key=len, default="")
    return [
        NavLink(item.label, item.icon, url, is_current=url == current, about=item.about)
        for item, url in zip(items, urls, strict=True)
    ]


@cache
def _load(paths: tuple[str, ...]) -> list[NavItem]:
    return sorted((import_string(path) for path in paths), key=lambda item: item.position)
