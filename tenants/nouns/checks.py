"""Checks that no two nouns declare the same thing, and that everything a declaration names exists.

Django's commands run these as system checks. The web server and the workers don't, so they call
`exit_on_invalid_nouns()` first.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.urls import get_resolver

from tenants.nouns import registry
from tenants.nouns.config import NounConfig
from tenants.nouns.personal_data import PersonalDataPolicy

# What may be declared once only: the attribute of a NounConfig, what it is called, and what identifies one of them.
UNIQUE_DECLARATIONS: list[tuple[str, str, Callable[[Any], object]]] = [
    ("permissions", "permission", lambda permission: permission.name),
    ("nav_items", "navigation item", lambda item: item.url_name),
    ("settings_pages", "settings page", lambda page: page.url_name),
    ("card_tabs", "card tab", lambda tab: tab.url_name),
    ("search_sources", "search source", lambda source: source.find),
    ("home_statistics", "home statistic", str),
    ("portal_sections", "portal section", lambda section: section.key),
    ("sign_in_links", "sign-in link", str),
    ("event_types", "event type", lambda event_type: event_type.value),
    ("event_areas", "event area", str),
    ("message_kinds", "message kind", lambda kind: kind.key),
    ("notification_kinds", "notification kind", lambda kind: kind.key),
    ("periodic_jobs", "periodic job", lambda job: job.name),
    ("purges", "purge", str),
    ("portal_urls", "portal URLconf", lambda include: include.module),
    ("console_urls", "console URLconf", lambda include: include.module),
    ("platform_urls", "platform URLconf", lambda include: include.module),
]
# Attributes that name a permission, a page of the console, and functions or classes.
NEED_PERMISSION = ("nav_items", "settings_pages", "card_tabs", "search_sources", "notification_kinds")
NEED_PAGE = ("nav_items", "settings_pages", "card_tabs")
DOTTED_PATHS: list[tuple[str, Callable[[Any], list[str]]]] = [
    ("card_tabs", lambda tab: [tab.count]),
    ("search_sources", lambda source: [source.find]),
    ("home_statistics", lambda path: [path]),
    ("portal_sections", lambda section: [section.build]),
    ("sign_in_links", lambda path: [path]),
    ("message_kinds", lambda kind: [kind.build_context, *(each.value for each in kind.placeholders)]),
    ("notification_kinds", lambda kind: [kind.is_obsolete]),
    ("periodic_jobs", lambda job: [job.run]),
    ("purges", lambda path: [path]),
]
SINGLE_PATHS = ("event_presenter", "personal_data", "demo_client_seeder", "demo_business_seeder")


def exit_on_invalid_nouns() -> None:
    """Exit the process with a sentence for each problem, unless all declarations fit together."""
    if found := list(problems()):
        sys.exit("Portico does not start with these nouns.\n" + "\n".join(found))


@register
def check_nouns(app_configs: object, **kwargs: object) -> list[Error]:
    """Return a Django check error for each declaration that is doubled or names what doesn't exist."""
    return [Error(problem, id="portico.nouns") for problem in problems()]


def problems() -> Iterator[str]:
    """Yield a sentence for each declaration that is doubled or names what doesn't exist."""
    yield from _doubled_declarations()
    for noun in registry.nouns():
        yield from _unknown_permissions(noun)
        yield from _dangling_paths(noun)
    yield from _doubled_policies()
    modules = list(_dangling_url_modules())
    yield from modules
    if not modules:
        yield from _unknown_pages()


def _doubled_declarations() -> Iterator[str]:
    for attribute, called, identify in UNIQUE_DECLARATIONS:
        declared_by: dict[object, NounConfig] = {}
        for noun in registry.nouns():
            for declaration in getattr(noun, attribute) or ():
                key = identify(declaration)
                if key in declared_by:
                    yield f"{noun.name} declares the {called} {key}, as {declared_by[key].name} does."
                declared_by[key] = noun


def _doubled_policies() -> Iterator[str]:
    """Yield a sentence for each table, or name of a table in an export, that has two personal-data policies."""
    seen: set[str] = set()
    for noun in registry.nouns():
        for policy in _load_policies(noun):
            for key in (policy.key, policy.model):
                if key in seen:
                    yield f"{noun.name} declares a second personal-data policy for {key}."
                seen.add(key)


def _load_policies(noun: NounConfig) -> Iterable[PersonalDataPolicy]:
    """Return a noun's policies; none for a path that names nothing, which is a problem of its own."""
    try:
        return registry.resolve(noun.personal_data) if noun.personal_data else ()
    except ImportError:
        return ()


def _unknown_permissions(noun: NounConfig) -> Iterator[str]:
    for attribute in NEED_PERMISSION:
        for declaration in getattr(noun, attribute):
            if declaration.permission not in registry.permissions():
                yield f"{noun.name} needs the permission {declaration.permission}, which no noun declares."


def _dangling_paths(noun: NounConfig) -> Iterator[str]:
    paths = [
        path for attribute, paths_of in DOTTED_PATHS for each in getattr(noun, attribute) for path in paths_of(each)
    ]
    paths += [getattr(noun, attribute) for attribute in SINGLE_PATHS]
    for path in filter(None, paths):
        try:
            registry.resolve(path)
        except ImportError as error:
            yield f"{noun.name} names {path}, which can't be imported: {error}"


def _dangling_url_modules() -> Iterator[str]:
    for noun in registry.nouns():
        for include in (*noun.portal_urls, *noun.console_urls, *noun.platform_urls):
            try:
                import_module(include.module)
            except ImportError as error:
                yield f"{noun.name} includes the URLs of {include.module}, which can't be imported: {error}"


def _unknown_pages() -> Iterator[str]:
    console = get_resolver(settings.PUBLIC_SCHEMA_URLCONF).namespace_dict["console"][1]
    for noun in registry.nouns():
        for attribute in NEED_PAGE:
            for declaration in getattr(noun, attribute):
                if declaration.url_name not in console.reverse_dict:
                    yield f"{noun.name} links to the console page {declaration.url_name}, which no URLconf has."
