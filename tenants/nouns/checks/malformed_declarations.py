"""Checks that declarations have known attributes, of the right type, with values that fit where they are kept."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db.models import TextChoices

from tenants.nouns import registry
from tenants.nouns.api_declarations import ApiScope, WebhookEventType
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import (
    CardTab,
    ConsoleTool,
    HomeSection,
    HomeStatistic,
    NavItem,
    Permission,
    PortalNavItem,
    PortalOverviewCard,
    PortalSection,
    RestrictedArea,
    SearchSource,
    UrlInclude,
)
from tenants.nouns.embed_declarations import Embed
from tenants.nouns.job_declarations import PeriodicJob, RowJob
from tenants.nouns.message_declarations import MessageKind, NotificationKind, StaffEmailKind
from tenants.nouns.platform_events import PlatformEvent
from tenants.nouns.sign_in_methods import SignInMethod
from tenants.queues import Queue

# The attributes that are tuples, with what they hold.
MEMBER_TYPES: dict[str, type] = {
    "portal_urls": UrlInclude,
    "console_urls": UrlInclude,
    "platform_urls": UrlInclude,
    "business_api_urls": UrlInclude,
    "client_api_urls": UrlInclude,
    "api_scopes": ApiScope,
    "permissions": Permission,
    "restricted_areas": RestrictedArea,
    "nav_items": NavItem,
    "settings_pages": NavItem,
    "card_tabs": CardTab,
    "search_sources": SearchSource,
    "home_statistics": HomeStatistic,
    "home_sections": HomeSection,
    "context_processors": str,
    "console_tools": ConsoleTool,
    "portal_nav_items": PortalNavItem,
    "portal_overview_cards": PortalOverviewCard,
    "portal_sections": PortalSection,
    "sign_in_page_links": str,
    "sign_in_methods": SignInMethod,
    "embeds": Embed,
    "routine_event_types": TextChoices,
    "non_personal_event_keys": str,
    "message_kinds": MessageKind,
    "staff_email_kinds": StaffEmailKind,
    "notification_kinds": NotificationKind,
    "periodic_jobs": PeriodicJob,
    "row_jobs": RowJob,
    "purges": str,
    "webhook_events": WebhookEventType,
}
PATHS = ("event_presenter", "sms_priority", "personal_data", "demo_client_seeder", "demo_business_seeder")
# The attributes that map names to dotted paths, with what the names are.
PATH_MAPPINGS: dict[str, type] = {"message_variables": str, "event_handlers": PlatformEvent}
# The longest keys that the columns for them hold.
KEY_LENGTHS = dict.fromkeys(
    ("restricted_areas", "message_kinds", "staff_email_kinds", "notification_kinds", "portal_sections"), 20
)
EVENT_TYPE_LENGTH, CLIENT_SOURCE_LENGTH = 60, 16
# What Django reads of an app's configuration, besides what NounConfig has from it.
DJANGO_ATTRIBUTES = ("name", "label", "verbose_name", "path", "default_auto_field")


def find_malformed_declarations() -> Iterator[str]:
    """Yield a sentence for each declaration of the wrong form."""
    for config in apps.get_app_configs():
        if config.name in settings.TENANT_APPS and not isinstance(config, NounConfig):
            yield f"{config.name} is an app of a business, so its apps.py needs a NounConfig."
    for noun in registry.list_noun_configs():
        problems = [
            *_find_unknown_attributes(noun),
            *_find_wrongly_typed_attributes(noun),
            *_find_wrongly_typed_mappings(noun),
        ]
        yield from problems or _find_invalid_values(noun)


def _find_unknown_attributes(noun: NounConfig) -> Iterator[str]:
    """Yield a sentence for each public attribute that a NounConfig doesn't have: a misspelt one would add nothing."""
    for name in vars(type(noun)):
        if not name.startswith("_") and not hasattr(NounConfig, name) and name not in DJANGO_ATTRIBUTES:
            yield f"{noun.name} declares {name}, which is no attribute of a NounConfig."


def _find_wrongly_typed_attributes(noun: NounConfig) -> Iterator[str]:
    for attribute, member_type in MEMBER_TYPES.items():
        value = getattr(noun, attribute)
        if not isinstance(value, tuple) or not all(isinstance(member, member_type) for member in value):
            yield f"{noun.name}: {attribute} must be a tuple of {member_type.__name__}; a single one needs a comma."
    for attribute in PATHS:
        if not isinstance(getattr(noun, attribute), str):
            yield f"{noun.name}: {attribute} must be a dotted path."
    for attribute in ("event_types", "client_sources"):
        choices = getattr(noun, attribute)
        if choices is not None and not (isinstance(choices, type) and issubclass(choices, TextChoices)):
            yield f"{noun.name}: {attribute} must be a subclass of TextChoices."


def _find_wrongly_typed_mappings(noun: NounConfig) -> Iterator[str]:
    if not isinstance(noun.event_areas, Mapping):
        yield f"{noun.name}: event_areas must map each area to its label."
    for attribute, key_type in PATH_MAPPINGS.items():
        if not _is_mapping_of_paths(getattr(noun, attribute), key_type):
            yield f"{noun.name}: {attribute} must map each {key_type.__name__} to a dotted path."


def _is_mapping_of_paths(value: object, key_type: type) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(key, key_type) and isinstance(path, str) for key, path in value.items()
    )


def _find_invalid_values(noun: NounConfig) -> Iterator[str]:
    yield from _find_invalid_keys(noun)
    yield from _find_invalid_jobs(noun)
    yield from _find_invalid_permission_names(noun)
    yield from _find_invalid_event_types(noun)
    yield from _find_invalid_client_sources(noun)


def _find_invalid_keys(noun: NounConfig) -> Iterator[str]:
    for attribute, length in KEY_LENGTHS.items():
        for declaration in getattr(noun, attribute):
            if not 1 <= len(declaration.key) <= length:
                yield f"{noun.name}: the key {declaration.key!r} of {attribute} must have 1 to {length} characters."


def _find_invalid_jobs(noun: NounConfig) -> Iterator[str]:
    for job in noun.periodic_jobs:
        if job.interval <= timedelta(0):
            yield f"{noun.name}: the interval of the periodic job {job.name} must be positive."
    for row_job in noun.row_jobs:
        if row_job.queue not in Queue.values:
            yield f"{noun.name}: the row job {row_job.name} needs the queue {row_job.queue}, which has no workers."
        if min(row_job.max_age, row_job.time_limit) <= timedelta(0):
            yield f"{noun.name}: the age and time limits of the row job {row_job.name} must be positive."


def _find_invalid_permission_names(noun: NounConfig) -> Iterator[str]:
    for permission in noun.permissions:
        if not all(permission.name.partition(".")):
            yield f"{noun.name}: the permission {permission.name} must be written as area.action."


def _find_invalid_event_types(noun: NounConfig) -> Iterator[str]:
    areas = {area for each in registry.list_noun_configs() for area in each.event_areas}
    for value in noun.event_types.values if noun.event_types else ():
        area, dot, _rest = value.partition(".")
        if not dot or len(value) > EVENT_TYPE_LENGTH:
            form = f"area.what-happened, {EVENT_TYPE_LENGTH} characters at most"
            yield f"{noun.name}: the event type {value} must be {form}."
        elif area not in areas:
            yield f"{noun.name}: no noun declares the event area {area}, so nobody could filter by {value}."


def _find_invalid_client_sources(noun: NounConfig) -> Iterator[str]:
    for value in noun.client_sources.values if noun.client_sources else ():
        if len(value) > CLIENT_SOURCE_LENGTH:
            yield f"{noun.name}: the client source {value} must have {CLIENT_SOURCE_LENGTH} characters at most."
