"""Nouns that exist for one test only."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import tests
from tenants.nouns import page_registry, registry
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import EDITING_ROLES, EVERY_ROLE, Permission, RestrictedArea


def make_noun_app(name: str = "tests.visits", **declarations: Any) -> NounConfig:
    """Return a noun that declares this and has no models."""
    return type("VisitsConfig", (NounConfig,), {"name": name, **declarations})(name, tests)


def make_noun_app_with_areas(*areas: str) -> NounConfig:
    """Return a noun with restricted areas that every role may view and most may edit."""
    return make_noun_app(
        restricted_areas=tuple(RestrictedArea(area, area.capitalize()) for area in areas),
        permissions=tuple(
            Permission(f"{area}.{action}", roles)
            for area in areas
            for action, roles in (("view", EVERY_ROLE), ("edit", EDITING_ROLES))
        ),
    )


@contextmanager
def install_noun_apps(*nouns: NounConfig, alone: bool = False) -> Iterator[None]:
    """Install nouns for the length of the block: after those of the settings, or alone."""
    everything = nouns if alone else (*registry.list_noun_configs(), *nouns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "list_noun_configs", lambda: everything)
        _clear_registry_caches()
        yield
    _clear_registry_caches()


def _clear_registry_caches() -> None:
    """Make both registries read the nouns anew."""
    for member in (*vars(registry).values(), *vars(page_registry).values()):
        if hasattr(member, "cache_clear"):
            member.cache_clear()
