"""Checks that no two nouns declare the same thing."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any

from tenants.nouns import registry
from tenants.nouns.app_config import NounConfig

# What may be declared once only: the attribute of a NounConfig, what it is called, and what identifies one of them.
UNIQUE_DECLARATIONS: list[tuple[str, str, Callable[[Any], object]]] = [
    ("permissions", "permission", lambda permission: permission.name),
    ("restricted_areas", "restricted area", lambda area: area.key),
    ("nav_items", "navigation item", lambda item: item.url_name),
    ("settings_pages", "settings page", lambda page: page.url_name),
    ("card_tabs", "card tab", lambda tab: tab.url_name),
    ("search_sources", "search source", lambda source: source.find),
    ("home_statistics", "home statistic", lambda statistic: statistic.build),
    ("home_sections", "home section", lambda section: section.template),
    ("context_processors", "context processor", str),
    ("console_tools", "console tool", lambda tool: tool.template),
    ("portal_nav_items", "portal navigation item", lambda item: item.url_name),
    ("portal_overview_cards", "portal overview card", lambda card: card.template),
    ("portal_sections", "portal section", lambda section: section.key),
    ("sign_in_page_links", "sign-in link", str),
    ("sign_in_methods", "sign-in method", lambda method: method.sign_in_template),
    ("embeds", "embed", lambda embed: embed.key),
    ("event_types", "event type", lambda event_type: event_type.value),
    ("client_sources", "client source", lambda source: source.value),
    ("event_areas", "event area", str),
    ("message_kinds", "message kind", lambda kind: kind.key),
    ("message_variables", "message variable", str),
    ("staff_email_kinds", "staff email kind", lambda kind: kind.key),
    ("notification_kinds", "notification kind", lambda kind: kind.key),
    ("periodic_jobs", "periodic job", lambda job: job.name),
    ("row_jobs", "row job", lambda job: job.name),
    ("purges", "purge", str),
    ("portal_urls", "portal URLconf", lambda include: include.module),
    ("console_urls", "console URLconf", lambda include: include.module),
    ("platform_urls", "platform URLconf", lambda include: include.module),
    ("business_api_urls", "URLconf of the business API", lambda include: include.module),
    ("client_api_urls", "URLconf of the client API", lambda include: include.module),
    ("api_scopes", "API scope", lambda scope: scope.name),
]


def find_duplicate_declarations() -> Iterator[str]:
    """Yield a sentence for each declaration that stands twice."""
    for attribute, called, identify in UNIQUE_DECLARATIONS:
        declared = (
            (noun, identify(each)) for noun in registry.list_noun_configs() for each in getattr(noun, attribute) or ()
        )
        yield from _find_duplicates(called, declared)
    yield from _find_duplicates("console page", _iter_console_url_names())


def _find_duplicates(called: str, declared: Iterable[tuple[NounConfig, object]]) -> Iterator[str]:
    declared_by: dict[object, NounConfig] = {}
    for noun, key in declared:
        if key in declared_by:
            yield f"{noun.name} declares the {called} {key}, as {declared_by[key].name} does."
        declared_by[key] = noun


def _iter_console_url_names() -> Iterator[tuple[NounConfig, str]]:
    """Yield the names of the console's URLs; a module that can't be imported is a problem of its own."""
    for noun in registry.list_noun_configs():
        for include in noun.console_urls:
            with suppress(Exception):
                yield from ((noun, pattern.name) for pattern in import_module(include.module).urlpatterns)
