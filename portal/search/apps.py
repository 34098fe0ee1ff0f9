"""The console’s search."""

from tenants.nouns.config import NounConfig


class SearchConfig(NounConfig):
    """The search across all nouns, reachable from every page of the console. It has no tables."""

    name = "portal.search"
