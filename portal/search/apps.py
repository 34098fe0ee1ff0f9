"""The Django app of the console's search, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import ConsoleTool, SearchSource, UrlInclude


class SearchConfig(NounConfig):
    """The search across all nouns, reachable from every page of the console. It has no tables."""

    name = "portal.search"

    console_urls = (UrlInclude("", "portal.search.console_urls"),)
    console_tools = (
        ConsoleTool("console/search/_palette.html", position=10),
        ConsoleTool("console/search/_shortcuts.html", position=20),
    )
    search_sources = (
        SearchSource(
            label=_("Pages"), permission="home.view", find="portal.search.console_pages.find_console_pages", position=90
        ),
    )
