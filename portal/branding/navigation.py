"""The links of a portal's navigation that a client sees, as nouns declare them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from portal.branding.models import PortalSettings
from tenants.context import get_current_business
from tenants.nouns import page_registry, registry
from tenants.nouns.declarations import PortalNavItem


@dataclass(frozen=True)
class PortalNavLink:
    """A navigation item as a client sees it on one page."""

    label: str | Promise
    url: str
    is_current: bool


def build_portal_nav_links(path: str, portal_settings: PortalSettings) -> list[PortalNavLink]:
    """Return links to the items that the business doesn't hide, with the one of this path marked."""
    urls = {item: reverse(item.url_name) for item in page_registry.list_portal_nav_items()}
    path = _find_nav_path(path)
    # Home is a prefix of every page, so the longest matching URL is the current one.
    current = max((url for url in urls.values() if path.startswith(url)), key=len, default="")
    return [
        PortalNavLink(item.label, f"{url}#{item.fragment}" if item.fragment else url, is_current=url == current)
        for item, url in urls.items()
        if item.section not in portal_settings.hidden_sections and _is_available(item)
    ]


def _is_available(item: PortalNavItem) -> bool:
    """Tell whether the current business has what an item leads to."""
    return not item.is_available or registry.import_dotted_path(item.is_available)(get_current_business())


def _find_nav_path(path: str) -> str:
    """Return the path of the navigation item that a page belongs to, if its noun names one, or else the page's."""
    for include in registry.list_portal_url_includes():
        if include.nav_url_name and path.startswith(f"/{include.prefix}"):
            return reverse(include.nav_url_name)
    return path
