"""The search source for pages of the console, by their names."""

from portal.ui.text_folding import fold_text
from tenants.nouns import page_registry
from tenants.nouns.search_types import SearchParams, SearchResult
from tenants.staff.navigation import build_nav_links


def find_console_pages(search: SearchParams) -> list[SearchResult]:
    """Return the pages whose name contains the text; without a text, every entry of the navigation."""
    items = [*page_registry.list_nav_items(), *(page_registry.list_settings_nav_items() if search.text else [])]
    pages = build_nav_links(search.http_request, items)
    text = fold_text(search.text)
    return [
        SearchResult(page.label, page.url, page.icon, page.about)
        for page in pages
        if text in fold_text(str(page.label))
    ]
