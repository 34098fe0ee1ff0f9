"""What the installed nouns declare of the parts that pages have, all together."""

from functools import cache

from tenants.nouns import registry
from tenants.nouns.declarations import (
    CardTab,
    ConsoleTool,
    HomeSection,
    HomeStatistic,
    NavItem,
    PortalNavItem,
    PortalOverviewCard,
    PortalSection,
    SearchSource,
)
from tenants.nouns.embed_declarations import Embed
from tenants.nouns.sign_in_methods import SignInMethod


@cache
def list_embeds() -> tuple[Embed, ...]:
    """Return the forms for other websites in order."""
    return registry.sort_noun_declarations("embeds")


@cache
def list_context_processor_paths() -> tuple[str, ...]:
    """Return the paths of the functions that add variables to every template."""
    return tuple(registry.iter_noun_declarations("context_processors"))


@cache
def list_console_tools() -> tuple[ConsoleTool, ...]:
    """Return the tools in the header of the console's pages in order."""
    return registry.sort_noun_declarations("console_tools")


@cache
def list_nav_items() -> tuple[NavItem, ...]:
    """Return the items of the console's navigation in order."""
    return registry.sort_noun_declarations("nav_items")


@cache
def list_settings_nav_items() -> tuple[NavItem, ...]:
    """Return the pages behind Settings in order."""
    return registry.sort_noun_declarations("settings_pages")


@cache
def list_card_tabs() -> tuple[CardTab, ...]:
    """Return the tabs of a client's card in order."""
    return registry.sort_noun_declarations("card_tabs")


@cache
def list_search_sources() -> tuple[SearchSource, ...]:
    """Return what the console's search goes through, in order."""
    return registry.sort_noun_declarations("search_sources")


@cache
def list_home_statistics() -> tuple[HomeStatistic, ...]:
    """Return the numbers on the console's home page in order."""
    return registry.sort_noun_declarations("home_statistics")


@cache
def list_home_sections() -> tuple[HomeSection, ...]:
    """Return the sections of the console's home page in order."""
    return registry.sort_noun_declarations("home_sections")


@cache
def list_portal_nav_items() -> tuple[PortalNavItem, ...]:
    """Return the items of the portal's navigation in order."""
    return registry.sort_noun_declarations("portal_nav_items")


@cache
def list_portal_overview_cards() -> tuple[PortalOverviewCard, ...]:
    """Return the cards of the console's Client Portal page in order."""
    return registry.sort_noun_declarations("portal_overview_cards")


@cache
def list_portal_sections() -> tuple[PortalSection, ...]:
    """Return the sections of a client's home page in order."""
    return registry.sort_noun_declarations("portal_sections")


@cache
def list_sign_in_link_paths() -> tuple[str, ...]:
    """Return the paths of the functions that build the links on the sign-in page."""
    return tuple(registry.iter_noun_declarations("sign_in_page_links"))


@cache
def list_sign_in_methods() -> tuple[SignInMethod, ...]:
    """Return the ways to sign in besides codes, in order."""
    return registry.sort_noun_declarations("sign_in_methods")
