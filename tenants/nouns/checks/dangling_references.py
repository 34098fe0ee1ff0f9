"""Checks that the permissions, pages, functions, modules and templates that declarations name exist."""

import uuid
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse

from tenants.nouns import page_registry, registry
from tenants.nouns.app_config import NounConfig
from tenants.nouns.checks.dangling_scopes import find_unknown_scope_permissions, find_unused_scopes
from tenants.nouns.checks.malformed_declarations import PATH_MAPPINGS

# Attributes whose declarations name a permission.
NEED_PERMISSION = (
    "nav_items",
    "settings_pages",
    "card_tabs",
    "search_sources",
    "home_statistics",
    "home_sections",
    "notification_kinds",
)
# Attributes whose declarations name a page of the console, with the arguments that its URL takes.
BUSINESS: dict[str, Any] = {"business": "x"}
NEED_PAGE: dict[str, dict[str, Any]] = {
    "nav_items": BUSINESS,
    "settings_pages": BUSINESS,
    "card_tabs": {**BUSINESS, "pk": uuid.UUID(int=0)},
}
# Attributes whose declarations name functions.
DOTTED_PATHS: list[tuple[str, Callable[[Any], list[str]]]] = [
    ("card_tabs", lambda tab: [tab.count]),
    ("search_sources", lambda source: [source.find]),
    ("home_statistics", lambda statistic: [statistic.build]),
    ("home_sections", lambda section: [section.build_context]),
    ("portal_overview_cards", lambda card: [card.build_context]),
    ("portal_sections", lambda section: [section.build]),
    ("context_processors", lambda path: [path]),
    ("sign_in_page_links", lambda path: [path]),
    ("sign_in_methods", lambda method: [method.build_devices_context, method.build_card_context, method.revoke]),
    ("embeds", lambda embed: [embed.is_available]),
    ("portal_nav_items", lambda item: [item.is_available]),
    ("message_kinds", lambda kind: [kind.build_context, kind.build_attachments]),
    ("message_kinds", lambda kind: [placeholder.value for placeholder in kind.placeholders]),
    ("staff_email_kinds", lambda kind: [kind.build_context]),
    ("notification_kinds", lambda kind: [kind.is_obsolete]),
    ("periodic_jobs", lambda job: [job.run]),
    ("row_jobs", lambda job: [job.run, job.on_stop, job.on_resume]),
    ("purges", lambda path: [path]),
    ("webhook_events", lambda declared: [declared.build_data]),
]
SINGLE_PATHS = ("event_presenter", "sms_priority", "demo_client_seeder", "demo_business_seeder")
MAIL_PARTS = ("subject.txt", "body.txt", "body.html")


def find_dangling_references() -> Iterator[str]:
    """Yield a sentence for each name in a declaration that stands for nothing."""
    for noun in registry.list_noun_configs():
        yield from _find_unknown_permissions(noun)
        yield from find_unknown_scope_permissions(noun)
        yield from _find_areas_without_permissions(noun)
        yield from _find_dangling_function_paths(noun)
        yield from _find_missing_card_templates(noun)
        yield from _find_missing_section_templates(noun)
        yield from _find_missing_tool_templates(noun)
        yield from _find_missing_sign_in_templates(noun)
        yield from _find_missing_message_templates(noun)
        yield from _find_missing_staff_email_templates(noun)
        yield from _find_undeclared_routine_event_types(noun)
        yield from _find_undeclared_accepted_event_types(noun)
        yield from _find_undeclared_sections(noun)
    if problems := list(_find_missing_url_modules()):
        yield from problems
    else:
        yield from _find_unknown_console_pages()
        yield from find_unused_scopes()


def _find_unknown_permissions(noun: NounConfig) -> Iterator[str]:
    for attribute in NEED_PERMISSION:
        for declaration in getattr(noun, attribute):
            if declaration.permission not in registry.get_declared_permissions():
                yield f"{noun.name} needs the permission {declaration.permission}, which no noun declares."


def _find_areas_without_permissions(noun: NounConfig) -> Iterator[str]:
    permission_areas = {permission.permission_area for permission in registry.get_declared_permissions().values()}
    for area in noun.restricted_areas:
        if area.key not in permission_areas:
            yield f"{noun.name} restricts the area {area.key}, of which no noun declares a permission."


def _find_dangling_function_paths(noun: NounConfig) -> Iterator[str]:
    paths = [
        path for attribute, paths_of in DOTTED_PATHS for each in getattr(noun, attribute) for path in paths_of(each)
    ]
    paths += [getattr(noun, attribute) for attribute in SINGLE_PATHS]
    paths += [path for attribute in PATH_MAPPINGS for path in getattr(noun, attribute).values()]
    for path in filter(None, paths):
        try:
            is_callable = callable(registry.import_dotted_path(path))
        except Exception as error:
            yield f"{noun.name} names {path}, which can't be imported: {error}"
        else:
            if not is_callable:
                yield f"{noun.name} names {path}, which can't be called."


def _find_missing_card_templates(noun: NounConfig) -> Iterator[str]:
    for card in noun.portal_overview_cards:
        for template in filter(None, (card.template, card.action_template)):
            if not _is_template(template):
                yield f"{noun.name} shows {template} on the Client Portal page, which is no template."


def _find_missing_section_templates(noun: NounConfig) -> Iterator[str]:
    for section in noun.home_sections:
        if not _is_template(section.template):
            yield f"{noun.name} shows {section.template} on the console's home page, which is no template."


def _find_missing_tool_templates(noun: NounConfig) -> Iterator[str]:
    for tool in noun.console_tools:
        if not _is_template(tool.template):
            yield f"{noun.name} shows {tool.template} in the console's header, which is no template."


def _find_missing_sign_in_templates(noun: NounConfig) -> Iterator[str]:
    for method in noun.sign_in_methods:
        for template in filter(None, (method.sign_in_template, method.devices_template, method.card_template)):
            if not _is_template(template):
                yield f"{noun.name} shows {template} as a way to sign in, which is no template."


def _find_missing_message_templates(noun: NounConfig) -> Iterator[str]:
    for kind in noun.message_kinds:
        for part in (*MAIL_PARTS, "sms.txt") if kind.is_sent_as_text else MAIL_PARTS:
            if not _is_template(f"messages/{kind.key}/{part}"):
                yield f"{noun.name} sends the message {kind.key}, which has no template messages/{kind.key}/{part}."


def _find_missing_staff_email_templates(noun: NounConfig) -> Iterator[str]:
    for kind in noun.staff_email_kinds:
        for part in MAIL_PARTS:
            if not _is_template(f"messages/{kind.key}/{part}"):
                yield f"{noun.name} sends staff the email {kind.key}, which has no template messages/{kind.key}/{part}."


def _is_template(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


def _find_undeclared_routine_event_types(noun: NounConfig) -> Iterator[str]:
    for event_type in noun.routine_event_types:
        if event_type not in registry.get_event_type_labels():
            yield f"{noun.name} calls the event type {event_type} routine, which no noun declares."


def _find_undeclared_accepted_event_types(noun: NounConfig) -> Iterator[str]:
    for kind in noun.message_kinds:
        if kind.accepted_event_type and kind.accepted_event_type not in registry.get_event_type_labels():
            yield f"{noun.name} records {kind.accepted_event_type} of the message {kind.key}, which no noun declares."


def _find_undeclared_sections(noun: NounConfig) -> Iterator[str]:
    keys = {"", *(section.key for section in page_registry.list_portal_sections())}
    for item in noun.portal_nav_items:
        if item.section not in keys:
            yield f"{noun.name} hides the page {item.url_name} with the section {item.section}, which no noun declares."


def _find_missing_url_modules() -> Iterator[str]:
    for noun in registry.list_noun_configs():
        pages = (*noun.portal_urls, *noun.console_urls, *noun.platform_urls)
        for include in (*pages, *noun.business_api_urls, *noun.client_api_urls):
            try:
                import_module(include.module)
            except Exception as error:
                yield f"{noun.name} includes the URLs of {include.module}, which can't be imported: {error}"


def _find_unknown_console_pages() -> Iterator[str]:
    for noun in registry.list_noun_configs():
        for attribute, arguments in NEED_PAGE.items():
            for declaration in getattr(noun, attribute):
                if not _is_console_page(f"console:{declaration.url_name}", settings.PUBLIC_SCHEMA_URLCONF, arguments):
                    takes = " and ".join(arguments)
                    yield f"{noun.name}: the console has no page {declaration.url_name} whose URL takes {takes} alone."
        for url_name in _iter_portal_pages(noun):
            if not _is_console_page(url_name, settings.PORTAL_URLCONF, {}):
                yield f"{noun.name}: the portal has no page {url_name} whose URL takes nothing."


def _iter_portal_pages(noun: NounConfig) -> Iterator[str]:
    yield from (item.url_name for item in noun.portal_nav_items)
    yield from (include.nav_url_name for include in noun.portal_urls if include.nav_url_name)
    for embed in noun.embeds:
        yield from (embed.url_name, embed.page_url_name)


def _is_console_page(url_name: str, urlconf: str, arguments: dict[str, Any]) -> bool:
    try:
        reverse(url_name, urlconf, kwargs=arguments)
    except NoReverseMatch:
        return False
    return True
