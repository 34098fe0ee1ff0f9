"""The search source for pages of the console, by their names."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.clients.services.search_text import fold_text
from portal.search.sources import SearchRequest, SearchResult, SearchSource
from tenants.staff.navigation import build_nav_links


def find_pages(search: SearchRequest) -> list[SearchResult]:
    """Return the pages whose name contains the text; without a text, every entry of the navigation."""
    paths = [*settings.CONSOLE_NAV_ITEMS, *(settings.CONSOLE_SETTINGS_PAGES if search.text else [])]
    pages = build_nav_links(search.http_request, paths)
    text = fold_text(search.text)
    return [
        SearchResult(page.label, page.url, page.icon, page.about)
        for page in pages
        if text in fold_text(str(page.label))
    ]


SOURCE = SearchSource(label=_("Pages"), permission="home.view", find=find_pages, position=90)
