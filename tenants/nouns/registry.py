"""What the installed nouns declare, all together, in the order of INSTALLED_APPS, but for the parts of their pages."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from tenants.nouns.api_declarations import ApiScope, WebhookEventType
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import Permission, RestrictedArea, UrlInclude
from tenants.nouns.job_declarations import PeriodicJob, RowJob
from tenants.nouns.message_declarations import MessageKind, NotificationKind, StaffEmailKind
from tenants.nouns.personal_data_policies import PersonalDataPolicy
from tenants.nouns.platform_events import PlatformEvent

# Imports what a dotted path of a declaration names.
import_dotted_path = cache(import_string)


@cache
def list_noun_configs() -> tuple[NounConfig, ...]:
    """Return the configurations of all nouns."""
    return tuple(config for config in apps.get_app_configs() if isinstance(config, NounConfig))


def iter_noun_declarations(attribute: str) -> Iterator[Any]:
    """Yield what all nouns declare as one attribute of their NounConfig, in the order of the nouns."""
    for noun in list_noun_configs():
        yield from getattr(noun, attribute)


def sort_noun_declarations(attribute: str) -> tuple[Any, ...]:
    """Return what all nouns declare as one attribute of their NounConfig, by position."""
    return tuple(sorted(iter_noun_declarations(attribute), key=lambda declaration: declaration.position))


@cache
def get_declared_permissions() -> dict[str, Permission]:
    """Return every permission by its name."""
    return {permission.name: permission for permission in iter_noun_declarations("permissions")}


@cache
def get_restricted_areas() -> dict[str, RestrictedArea]:
    """Return every area of permissions that members need to be granted, by its key."""
    return {area.key: area for area in iter_noun_declarations("restricted_areas")}


@cache
def get_api_scopes() -> dict[str, ApiScope]:
    """Return every scope of API keys by its name."""
    return {scope.name: scope for scope in iter_noun_declarations("api_scopes")}


@cache
def get_webhook_event_types() -> dict[str, WebhookEventType]:
    """Return every type of webhook by its name."""
    return {declared.name: declared for declared in iter_noun_declarations("webhook_events")}


@cache
def get_event_type_labels() -> dict[str, str | Promise]:
    """Return the label of every type of timeline event by its value."""
    return {
        value: label for noun in list_noun_configs() if noun.event_types for value, label in noun.event_types.choices
    }


@cache
def get_client_source_labels() -> dict[str, str | Promise]:
    """Return the label of every way onto the client list by its value."""
    return {
        value: label
        for noun in list_noun_configs()
        if noun.client_sources
        for value, label in noun.client_sources.choices
    }


@cache
def get_event_area_labels() -> dict[str, str | Promise]:
    """Return the label of every area of timeline events, which is the part of their type before the dot."""
    return {area: label for noun in list_noun_configs() for area, label in noun.event_areas.items()}


@cache
def get_event_presenter_paths() -> dict[str, str]:
    """Return the path of the presenter by type of timeline event, without the types that need none of their own."""
    declared = [(noun.event_types, noun.event_presenter) for noun in list_noun_configs() if noun.event_presenter]
    return {value: presenter for types, presenter in declared if types for value in types.values}


@cache
def get_non_personal_event_keys() -> dict[str, tuple[str, ...]]:
    """Return the keys of the data that identify nobody, by type of timeline event."""
    return {
        value: noun.non_personal_event_keys
        for noun in list_noun_configs()
        if noun.event_types
        for value in noun.event_types
    }


@cache
def list_routine_event_types() -> tuple[str, ...]:
    """Return the types of timeline events that the console's home page leaves out."""
    return tuple(iter_noun_declarations("routine_event_types"))


@cache
def get_message_kinds() -> dict[str, MessageKind]:
    """Return every kind of message by its key, in order."""
    return {kind.key: kind for kind in sort_noun_declarations("message_kinds")}


@cache
def get_staff_email_kinds() -> dict[str, StaffEmailKind]:
    """Return every kind of email to staff by its key."""
    return {kind.key: kind for kind in iter_noun_declarations("staff_email_kinds")}


@cache
def get_message_variable_functions() -> dict[str, str]:
    """Return the path of the function behind each variable that all mails and texts have, by its name."""
    return {name: path for noun in list_noun_configs() for name, path in noun.message_variables.items()}


@cache
def get_notification_kinds() -> dict[str, NotificationKind]:
    """Return every kind of notification by its key, in order."""
    return {kind.key: kind for kind in sort_noun_declarations("notification_kinds")}


@cache
def list_sms_priority_paths() -> tuple[str, ...]:
    """Return the paths of the functions that say how far a noun vouches for a number."""
    return tuple(noun.sms_priority for noun in list_noun_configs() if noun.sms_priority)


@cache
def list_personal_data_policies() -> tuple[PersonalDataPolicy, ...]:
    """Return the policies of all tables with rows about clients, those of the highest noun first.

    A noun may find its rows by those of the nouns below it, so a table is merged or erased before the tables under
    it. Rows that name no client are found by the addresses of clients, so the noun that has those stands below.
    """
    paths = [noun.personal_data for noun in reversed(list_noun_configs()) if noun.personal_data]
    return tuple(policy for path in paths for policy in import_dotted_path(path))


@cache
def get_periodic_jobs() -> dict[str, PeriodicJob]:
    """Return every periodic job by its name."""
    return {job.name: job for job in iter_noun_declarations("periodic_jobs")}


@cache
def get_row_jobs() -> dict[str, RowJob]:
    """Return every job about one row by its name."""
    return {job.name: job for job in iter_noun_declarations("row_jobs")}


@cache
def list_purge_paths() -> tuple[str, ...]:
    """Return the paths of the functions that delete rows past their retention period."""
    return tuple(iter_noun_declarations("purges"))


def call_event_handlers(event: PlatformEvent, **arguments: Any) -> None:
    """Call what the nouns do at an event; call it inside the business. An error of one skips those after it."""
    for noun in list_noun_configs():
        if path := noun.event_handlers.get(event):
            import_dotted_path(path)(**arguments)


def list_demo_client_seeder_paths() -> tuple[str, ...]:
    """Return the paths of the functions that create a demo client's data."""
    return tuple(noun.demo_client_seeder for noun in list_noun_configs() if noun.demo_client_seeder)


def list_demo_business_seeder_paths() -> tuple[str, ...]:
    """Return the paths of the functions that create a demo business's data."""
    return tuple(noun.demo_business_seeder for noun in list_noun_configs() if noun.demo_business_seeder)


def build_url_patterns(surface: str) -> list[URLPattern | URLResolver]:
    """Return the URLs that nouns add to a surface: `portal_urls`, `console_urls` or `platform_urls`.

    The console's begin with the business's slug.
    """
    slug = "<slug:business>/" if surface == "console_urls" else ""
    includes: Iterator[UrlInclude] = iter_noun_declarations(surface)
    return [path(slug + each.prefix, include(each.module)) for each in includes]


def list_portal_url_includes() -> tuple[UrlInclude, ...]:
    """Return the URLs that nouns add to the portal."""
    return tuple(iter_noun_declarations("portal_urls"))
