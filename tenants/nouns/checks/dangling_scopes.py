"""Checks that the scopes of API keys stand for permissions that exist and that operations need."""

from collections.abc import Iterable, Iterator
from importlib import import_module

from django.urls import URLPattern, URLResolver

from tenants.nouns import registry
from tenants.nouns.app_config import NounConfig


def find_unknown_scope_permissions(noun: NounConfig) -> Iterator[str]:
    """Yield a sentence for each permission of a noun's scopes that no noun declares."""
    for scope in noun.api_scopes:
        for permission in scope.permissions:
            if permission not in registry.get_declared_permissions():
                yield f"{noun.name} needs the permission {permission}, which no noun declares."


def find_unused_scopes() -> Iterator[str]:
    """Yield a sentence for each scope that admits to no operation. All modules of URLs must exist."""
    needed = {
        permission
        for noun in registry.list_noun_configs()
        for include in noun.business_api_urls
        for permission in _iter_needed_permissions(import_module(include.module).urlpatterns)
    }
    for noun in registry.list_noun_configs():
        for scope in noun.api_scopes:
            if needed.isdisjoint(scope.permissions):
                yield f"{noun.name} declares the API scope {scope.name}, which no operation of the API needs."


def _iter_needed_permissions(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _iter_needed_permissions(pattern.url_patterns)
        else:
            # Rest framework keeps the class of a view there.
            view_class = getattr(pattern.callback, "cls", None)
            yield from getattr(view_class, "permissions", {}).values()
