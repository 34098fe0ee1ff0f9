"""The links of the console's navigation that one person sees."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from tenants.nouns.declarations import NavItem
from tenants.staff.permissions import has_permission
from tenants.staff.request_types import StaffRequest


@dataclass(frozen=True)
class NavLink:
    """A navigation item as one person sees it on one page."""

    label: str | Promise
    icon: str
    url: str
    is_current: bool
    about: str | Promise = ""


def build_nav_links(request: StaffRequest, nav_items: Sequence[NavItem]) -> list[NavLink]:
    """Return links to the items that the member may open, with the current one marked."""
    items = [item for item in nav_items if has_permission(request.membership, item.permission)]
    urls = [reverse(f"console:{item.url_name}", kwargs={"business": request.slug}) for item in items]
    # Home is a prefix of every page, so the longest matching URL is the current one.
    current = max((url for url in urls if request.path.startswith(url)), key=len, default="")
    return [
        NavLink(item.label, item.icon, url, is_current=url == current, about=item.about)
        for item, url in zip(items, urls, strict=True)
    ]
